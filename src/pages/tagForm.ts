import { maxTagBytes } from '../tags/tag';
import { html, type Html } from './html';

/** Opens the page on which administrators change a tag. */
export function tagForm(base: string): Html {
  return html`<form action="${base}/restricted/tags" method="get">
<label for="tag">Change a tag</label>
<input id="tag" name="tag" required maxlength="${maxTagBytes}" autocomplete="off" autocapitalize="none" spellcheck="false">
<div class="row"><button class="quiet">Open tag</button></div>
</form>`;
}
