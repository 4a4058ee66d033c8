import { serve } from './serve';

/** A site that uses Footfall: an HTML page at each path, made by `contents`. */
export interface Site {
  url: string;
  /** Returns a page's HTML for its path, without the query. A test may replace it. */
  contents: (path: string) => string;
  /** Extra headers of each page. */
  headers: Record<string, string>;
}

/** Starts a site on `localhost`, whose origin differs from that of any server on 127.0.0.1. */
export async function startSite(): Promise<Site> {
  const site: Site = { url: '', contents: () => '', headers: {} };
  const port = await serve((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...site.headers });
    response.end(
      `<!doctype html><title>${path}</title><link rel="icon" href="data:,">${site.contents(path)}`,
    );
  });
  site.url = `http://localhost:${port}`;
  return site;
}
