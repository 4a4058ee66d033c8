import { createHash } from 'node:crypto';
import { Html, html } from './html';

/** The time between two refreshes. */
const refreshMs = 30_000;

/**
 * Fetches the page's numbers and replaces the text of each, so that nothing moves. It pauses while the page is hidden, slows
 * down after failures, and stops when the session has ended.
 */
const script = `(() => {
  let failures = 0;
  let timer;
  const plan = () => { clearTimeout(timer); timer = setTimeout(refresh, ${refreshMs} * 2 ** Math.min(failures, 5)) };
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

/** The text of each number, by its `data-live` name. */
export type LiveFigures = Record<string, string>;

/** The script that refreshes a page's numbers. Without scripts they stay as they were when the page was opened. */
export const liveScript: Html = html`<script>${new Html(script)}</script>`;

/** A number that the script refreshes. */
export function liveFigure(name: string, figures: LiveFigures): Html {
  return html`<dd data-live="${name}">${figures[name] ?? ''}</dd>`;
}
