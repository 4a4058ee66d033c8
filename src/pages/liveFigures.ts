import { createHash } from 'node:crypto';
import { Html, html } from './html';

/** How often the numbers are asked for again, in milliseconds. */
const everyMs = 30_000;

/**
 * Asks for the page's numbers again and puts them where they stand: text for text, so that nothing moves. It rests while
 * nobody looks, goes slower while there is no answer, and stops when the session has ended.
 */
const script = `(() => {
  let failures = 0;
  let timer;
  const plan = () => { clearTimeout(timer); timer = setTimeout(refresh, ${everyMs} * 2 ** Math.min(failures, 5)) };
  const refresh = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch('?live', { headers: { accept: 'application/json' }, redirect: 'error' });
      if (answer.status === 401) return;
      const { figures } = await answer.json();
      for (const place of document.querySelectorAll('[data-live]')) {
        const text = figures[place.dataset.live];
        if (text !== undefined && text !== place.textContent) place.textContent = text;
      }
      failures = 0;
    } catch { failures += 1 }
    plan();
  };
  document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh() });
  plan();
})()`;

/** The script as a Content-Security-Policy source. */
export const liveScriptSource = `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

/** Texts by the name under which they stand in the page. */
export type LiveFigures = Record<string, string>;

/** The element that keeps a page's numbers fresh. Without a script they stay as they were when it was opened. */
export const liveScript: Html = html`<script>${new Html(script)}</script>`;

/** A number of the page that is kept fresh. */
export function liveFigure(name: string, figures: LiveFigures): Html {
  return html`<dd data-live="${name}">${figures[name] ?? ''}</dd>`;
}
