import { createHash } from 'node:crypto';
import { Html, html } from './html';

const style = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #fff; --line: #d0d7de; --link: #0550ae }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9da7b1; --paper: #0d1117; --line: #30363d; --link: #79b8ff }
}
body { margin: 0 auto; max-width: 40rem; padding: 2rem 1rem; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; line-height: 1.25 }
a { color: var(--link) }
code { font-size: .95em }
label { display: block; margin-top: .75rem }
input { box-sizing: border-box; width: 100%; max-width: 24rem; padding: .5rem; font: inherit }
button { margin-top: 1rem; padding: .5rem 1.25rem; font: inherit }
[role=alert] { border-left: .25rem solid #cf222e; padding-left: .75rem }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1rem; color: var(--soft); font-size: .9rem }
`;

/** The page's style as a Content-Security-Policy source, so that no other style can be slipped in. */
export const styleSource = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;

/** A whole page around its contents. */
export function layout(title: string, contents: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · Footfall</title>
<link rel="icon" href="data:,">
<style>${new Html(style)}</style>
</head>
<body>
<main>
${contents}
</main>
<footer>Footfall: visit counts that add up.</footer>
</body>
</html>
`.text;
}
