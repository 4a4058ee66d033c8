/**
 * The style of all pages. Each page contains it, so that a page is one request. The Content-Security-Policy allows only this
 * style, by its hash, and no style attributes, so every look that a page needs is a class here:
 *
 * - the paragraph after the h1 is larger; `.soft`, `.notice`, `.error` (with role=alert): kinds of text
 * - `.badge`: a framed word
 * - `.figures` on a dl: big numbers, each a div of dt and dd; `.cards` and `.card`: boxes
 * - `form`, `label`, `input`, `button`, `.button` on a link, `.quiet` on a secondary button, `.row`: side by side
 * - `.visually-hidden`: only for screen readers
 * - `table`, `.number` on cells; `.scroll` around a table that may be too wide
 * - `.choices`: a nav of ranges; `.pages`: a nav to the first and the next page
 * - `.copy` on a pre: one click selects all of it
 * - `.chart` and `.sparkline`: daysChart.ts and sparkline.ts; `.trend` on cells with sparklines, hidden on phones
 */
export const style = `
:root { color-scheme: light dark; --ink: #1f1c17; --soft: #5c564c; --paper: #fbfaf6; --card: #fff; --line: #ddd8cc;
  --edge: #857e70; --accent: #0a6554; --on-accent: #fff; --tint: #e4f1ec; --bad: #9c2413; --bad-tint: #fbeae6 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eaede9; --soft: #a7b0aa; --paper: #121513; --card: #1a1e1c; --line: #313834; --edge: #7c857f;
    --accent: #74d5be; --on-accent: #06201a; --tint: #1c2f29; --bad: #ffa694; --bad-tint: #351c17 }
}
*, ::before, ::after { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 system-ui, sans-serif;
  overflow-wrap: anywhere }
body > header, main, body > footer { margin: 0 auto; max-width: 44rem; padding: 0 1rem }
.wide > header, .wide > main, .wide > footer { max-width: 64rem }
body > header { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1.25rem; padding-block: 1rem }
body > header nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-inline-start: auto; font-size: .9375rem }
body > header a, body > header button { color: inherit; text-decoration: none; padding-block: .25rem }
body > header a:hover { text-decoration: underline }
.brand { display: inline-flex; align-items: center; gap: .5rem; font-weight: 650; letter-spacing: -.01em }
.brand svg { width: 1.5rem; height: 1.5rem; color: var(--accent) }
.skip { position: absolute; left: 1rem; top: -4rem; padding: .5rem 1rem; background: var(--accent); color: var(--on-accent);
  border-radius: .375rem; z-index: 1 }
.skip:focus { top: .75rem }
main { padding-block: 1.5rem 3rem }
main:focus { outline: none }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .25rem }
h1, h2 { line-height: 1.2; letter-spacing: -.015em; text-wrap: balance }
h1 { font-size: clamp(1.75rem, 1.3rem + 2vw, 2.375rem); margin: 0 0 .75rem }
h1 small { display: block; font-size: 1rem; font-weight: 500; letter-spacing: 0; color: var(--soft) }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .5rem }
p { margin: .5rem 0 }
a { color: var(--accent); text-underline-offset: .15em }
code, pre { font: .9em/1.5 ui-monospace, SFMono-Regular, Menlo, monospace }
h1 + p { font-size: 1.1875rem; line-height: 1.5 }
.soft, figcaption span, .hint { color: var(--soft) }
.hint { font-size: .9375rem }
.error, .notice { border-inline-start: .25rem solid var(--accent); background: var(--tint); padding: .625rem 1rem;
  border-radius: .25rem }
.error { border-color: var(--bad); background: var(--bad-tint); color: var(--bad) }
.badge { display: inline-block; border: 1px solid var(--edge); border-radius: 1rem; padding: 0 .625rem; font-size: .8125rem;
  line-height: 1.5rem; color: var(--soft) }
.figures, .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr)); gap: .75rem;
  margin: 1.5rem 0 }
.figures > div, .card { background: var(--card); border: 1px solid var(--line); border-radius: .625rem; padding: 1rem }
.figures > div { display: flex; flex-direction: column-reverse; justify-content: flex-end }
.figures dt { color: var(--soft); font-size: .9375rem; line-height: 1.35 }
.figures dd { margin: 0; font-size: 1.875rem; font-weight: 650; line-height: 1.2; letter-spacing: -.02em;
  font-variant-numeric: tabular-nums }
.card > :first-child { margin-top: 0 }
.card > :last-child { margin-bottom: 0 }
form { margin: 1rem 0 }
label { display: block; font-weight: 600; margin-top: .75rem }
input:not([type=checkbox], [type=radio], [type=hidden]), select, textarea { display: block; width: 100%; margin: .25rem 0;
  padding: .5625rem .75rem; border: 1px solid var(--edge); border-radius: .5rem; background: var(--card); color: inherit;
  font: inherit; min-height: 2.75rem }
input[aria-invalid=true] { border-color: var(--bad) }
button, .button { display: inline-block; min-height: 2.75rem; margin: .25rem 0; padding: .5rem 1.125rem;
  border: 1px solid var(--accent); border-radius: .5rem; background: var(--accent); color: var(--on-accent); font: inherit;
  font-weight: 600; text-decoration: none; cursor: pointer }
.quiet { background: transparent; color: var(--accent) }
button:hover, .button:hover { text-decoration: underline; text-underline-offset: .2em }
.row { display: flex; flex-wrap: wrap; gap: 0 .75rem; align-items: center }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: start; padding: .4375rem .75rem .4375rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
th { color: var(--soft); font-size: .875rem; font-weight: 600; overflow-wrap: normal }
thead th { vertical-align: bottom }
thead .number { white-space: normal }
th:last-child, td:last-child { padding-inline-end: 0 }
.number { text-align: end; white-space: nowrap }
.scroll { overflow-x: auto }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.choices, .pages { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0 }
.choices a, .pages a { display: inline-block; padding: .3125rem .875rem; border: 1px solid var(--edge); border-radius: 2rem;
  font-size: .9375rem; text-decoration: none }
.choices a:hover, .pages a:hover { text-decoration: underline }
.choices [aria-current] { background: var(--tint); border-color: var(--accent); font-weight: 600 }
@media (max-width: 24rem) { .choices { gap: .375rem } .choices a { padding-inline: .4375rem; font-size: .8125rem } }
.pages [rel=next] { margin-inline-start: auto }
.copy { margin: .5rem 0; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card);
  white-space: pre-wrap }
.copy code { -webkit-user-select: all; user-select: all }
.picture { min-height: 1.75rem }
.picture img { vertical-align: middle }
.chart { margin: 1rem 0 }
figcaption { display: flex; flex-wrap: wrap; gap: 0 .625rem; margin-bottom: 1rem }
.plot { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .5rem .625rem; color: var(--soft); font-size: .8125rem;
  line-height: 1; font-variant-numeric: tabular-nums; overflow-wrap: normal }
.plot svg { display: block; width: 100%; height: 12rem; overflow: visible }
.scale { display: flex; flex-direction: column; justify-content: space-between; text-align: end; margin-block: -.40625rem }
.span { grid-column: 2; display: flex; justify-content: space-between }
.span :only-child, .span :first-child:nth-last-child(2), .span :nth-child(2):last-child { flex: 1; text-align: center }
.lines { stroke: var(--line); fill: none; vector-effect: non-scaling-stroke }
.bars { fill: var(--accent) }
.plot rect { fill: transparent }
.plot rect:hover { fill: var(--ink); fill-opacity: .12 }
summary { cursor: pointer; padding-block: .375rem; width: fit-content }
details table { margin-top: .5rem; max-width: 30rem }
@media (max-width: 30rem) { .trend { display: none } }
.sparkline { width: 7rem; height: 1.25rem; vertical-align: middle }
.sparkline polyline { fill: none; stroke: var(--accent); stroke-width: 1.5; vector-effect: non-scaling-stroke }
body > footer { padding-block: 1rem 2rem; color: var(--soft); font-size: .9375rem }
body > footer p { border-top: 1px solid var(--line); padding-top: 1rem }
@media (prefers-reduced-motion: no-preference) { a, button, rect { transition: background-color .12s, fill-opacity .12s } }
@media (forced-colors: active) { .bars { fill: CanvasText } .lines, .sparkline polyline { stroke: CanvasText } }
@media print {
  :root { --ink: #000; --soft: #333; --paper: #fff; --card: #fff; --accent: #000 }
  body > header nav, .skip, form, .choices, .pages, summary { display: none }
  ::details-content { content-visibility: visible; display: block }
  figure, tr, .card { break-inside: avoid }
  .bars { print-color-adjust: exact }
}
`;
