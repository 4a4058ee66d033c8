import { hash } from 'node:crypto';
import { Html, html } from './html';
import { style } from './style';

/** The page's style as a Content-Security-Policy source, so that no other style can be slipped in. */
export const styleSource = `'sha256-${hash('sha256', style, 'base64')}'`;

/** Steps that go up. Also the icon, where a browser paints it in black on its own tab. */
const mark = '<path d="M3 21v-6h5V9h5V3h8v18z" fill="currentColor"/>';
const icon = encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" color="#12917a">${mark}</svg>`,
);

/**
 * Has a browser that knows it paint nothing before the page's end has come: columns of a table that is painted by halves
 * move when the rest arrives. A page is one small answer, so this costs no time.
 */
const wholeOrNothing = html`<link rel="expect" href="#end" blocking="render">`;

export interface LayoutOptions {
  /** What stands before the routes in addresses, for the links of the header. Without it there are none. */
  base?: string;
  /** Links of the header, in place of the usual ones. */
  nav?: Html;
  /** For pages with wide tables. */
  wide?: boolean;
}

/** A whole page around its contents, which begin with an h1. */
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
${wholeOrNothing}
</head>
<body${wide ? html` class="wide"` : ''}>
<a class="skip" href="#main">Skip to the content</a>
<header>
${drawBrand(base)}
${nav ?? usualLinks(base)}
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

function usualLinks(base: string | undefined): Html | string {
  if (base === undefined) return '';
  return html`<nav aria-label="Footfall"><a href="${base}/counts">All counts</a><a href="${base}/login">Sign in</a></nav>`;
}
