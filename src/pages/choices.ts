import { html, type Html } from './html';

export interface Choice {
  text: string;
  href: string;
  isCurrent: boolean;
}

/** Links to the variants of a page, such as ranges of days. The current one is marked. */
export function choiceLinks(label: string, choices: readonly Choice[]): Html {
  const links = choices.map(({ text, href, isCurrent }) => {
    const mark = isCurrent ? html` aria-current="true"` : '';
    return html`<a href="${href}"${mark}>${text}</a>`;
  });
  return html`<nav class="choices" aria-label="${label}">${links}</nav>`;
}
