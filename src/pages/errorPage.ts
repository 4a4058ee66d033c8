import { html } from './html';
import { layout } from './layout';

const titles: Record<number, string> = {
  400: 'That was not understood',
  401: 'That is not right',
  403: 'That is not allowed here',
  413: 'That is too long',
  415: 'That was not understood',
  429: 'Too many attempts',
  503: 'Not available now',
};

/** @param details one sentence for a person, and where the fault is ours the id that finds it in the log */
export function errorPage(status: number, details: { message: string; requestId?: string }): string {
  const title = titles[status] ?? 'Something went wrong';
  const { message, requestId } = details;
  return layout(
    title,
    html`<h1>${title}</h1>
<p>${message}</p>
${requestId === undefined ? '' : html`<p>Request id: <code>${requestId}</code></p>`}`,
  );
}
