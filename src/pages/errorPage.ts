import { html } from './html';
import { layout } from './layout';

const titles: Record<number, string> = {
  400: 'Invalid request',
  401: 'Sign-in required',
  403: 'Not allowed',
  404: 'Not found',
  409: 'This change is not possible',
  413: 'Request too large',
  415: 'Unsupported content type',
  429: 'Too many requests',
  500: 'Something went wrong',
  503: 'Temporarily unavailable',
};

/**
 * @param base the prefix of all routes, such as `/Prod`
 * @param details one sentence for the reader; for a fault of ours, also the request id under which the log has its cause
 */
export function errorPage(
  base: string,
  status: number,
  details: { message: string; requestId?: string },
): string {
  const title = titles[status] ?? 'Something went wrong';
  const { message, requestId } = details;
  return layout(
    title,
    html`<h1><small>Error ${status}</small> ${title}</h1>
<p>${message}</p>
${requestId === undefined ? '' : html`<p class="soft">Request id: <code>${requestId}</code></p>`}
<p><a href="${base}/">Go to the home page</a></p>`,
    { base },
  );
}
