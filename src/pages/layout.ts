import { hash } from 'node:crypto';
import { Html, html } from './html';
import { style } from './style';

/** The style's hash as a Content-Security-Policy source. Browsers apply no other style. */
export const styleSource = `'sha256-${hash('sha256', style, 'base64')}'`;

/** The logo: rising steps. The icon sets its own color, because `currentColor` is black in a browser's tab. */
const mark = '<path d="M3 21v-6h5V9h5V3h8v18z" fill="currentColor"/>';
const icon = encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" color="#12917a">${mark}</svg>`,
);

/**
 * Browsers that support it paint the page only when all of it has arrived. Otherwise the columns of a half-loaded table
 * move when the rest arrives. A page is one small response, so waiting costs no time.
 */
const waitForWholePage = html`<link rel="expect" href="#end" blocking="render">`;

export interface LayoutOptions {
  /** The prefix of all routes, for the header's links. Without it the header has no links. */
  base?: string;
  /** Replaces the header's default links. */
  nav?: Html;
  /** Makes room for wide tables. */
  wide?: boolean;
}

/** A complete page around its contents, which start with an h1. */
export function layout(
  title: string,
  contents: Html,
  { base, nav, wide = false }: LayoutOptions = {},
): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · Footfall</title>
<link rel="icon" href="data:image/svg+xml,${icon}">
<style>${new Html(style)}</style>
${waitForWholePage}
</head>
<body${wide ? html` class="wide"` : ''}>
<a class="skip" href="#main">Skip to content</a>
<header>
${drawBrand(base)}
${nav ?? defaultLinks(base)}
</header>
<main id="main" tabindex="-1">
${contents}
</main>
<footer id="end"><p>Footfall: visit counts that add up.</p></footer>
</body>
</html>
`.text;
}

function drawBrand(base: string | undefined): Html {
  const inside = html`<svg viewBox="0 0 24 24" aria-hidden="true">${new Html(mark)}</svg>Footfall`;
  return base === undefined
    ? html`<span class="brand">${inside}</span>`
    : html`<a class="brand" href="${base}/">${inside}</a>`;
}

function defaultLinks(base: string | undefined): Html | string {
  if (base === undefined) return '';
  return html`<nav aria-label="Main"><a href="${base}/counts">All counts</a><a href="${base}/login">Sign in</a></nav>`;
}
