import { html, type Html } from './html';

/** Code to copy. One click selects all of it, by CSS alone. */
export function copyBlock(code: string): Html {
  return html`<pre class="copy"><code>${code}</code></pre>`;
}
