import { html, type Html } from './html';

/** Code to copy: one click selects all of it, which takes no script. */
export function copyBlock(code: string): Html {
  return html`<pre class="copy"><code>${code}</code></pre>`;
}
