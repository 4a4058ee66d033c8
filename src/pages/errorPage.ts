import { html } from './html';
import { layout } from './layout';

const titles: Record<number, string> = {
  400: 'That was not understood',
  401: 'Please sign in first',
  403: 'That is not allowed here',
  404: 'There is nothing here',
  409: 'That does not fit what is there',
  413: 'That was too much at once',
  415: 'That kind of content is not read here',
  429: 'That was too often',
  500: 'Something went wrong',
  503: 'Not available now',
};

/**
 * @param base what stands before the routes in addresses
 * @param details one sentence for a person, and where the fault is ours the id that finds it in the log
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
<p><a href="${base}/">To the home page</a></p>`,
    { base },
  );
}
