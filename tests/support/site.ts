import { serve } from './serve';

/** Someone's site: an HTML page at each path, made by `contents`. */
export interface Site {
  url: string;
  /** What stands in the pages from now on; by the path, without its query. */
  contents: (path: string) => string;
  /** Further headers of each page. */
  headers: Record<string, string>;
}

/** Starts a site that has another origin than what listens on 127.0.0.1, whatever the port. */
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
