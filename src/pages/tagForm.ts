import { maxTagBytes } from '../tags/tag';
import { html, type Html } from './html';

/** Leads an administrator to the page on which a tag is changed. */
export function tagForm(base: string): Html {
  return html`<form action="${base}/restricted/tags" method="get">
<label for="tag">Change a tag</label>
<input id="tag" name="tag" required maxlength="${maxTagBytes}" autocomplete="off" autocapitalize="none" spellcheck="false">
<div class="row"><button class="quiet">Go to the tag</button></div>
</form>`;
}
