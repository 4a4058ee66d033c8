import { allowCaching } from '../http/caching';
import { snippet, snippetVersion } from '../snippet/snippet';
import { page } from '../web/page';

const immutable = 'public, max-age=31536000, immutable';
const forAnHour = 'public, max-age=3600';

/** `GET /footfall.js` is the page script. With `?v=` and its version, browsers keep it for a year. */
export const handler = page({ prefers: 'script' }, (request) => {
  const cacheControl = request.queryParameter('v') === snippetVersion ? immutable : forAnHour;
  const body = { kind: 'script', text: snippet } as const;
  return allowCaching(request, { status: 200, headers: { vary: 'Origin' }, body }, cacheControl);
});
