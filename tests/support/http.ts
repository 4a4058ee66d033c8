import { request } from 'node:http';

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Sends one request. Unlike `fetch`, it does not normalize the path. */
export function send(
  url: string,
  path: string,
  {
    method = 'GET',
    headers = {},
    body: content,
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<HttpAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('error', reject).on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    outgoing.on('error', reject).end(content);
  });
}

/** Reads a JSON response. */
export async function getJson<Body>(url: string, path: string): Promise<Body> {
  const { body } = await send(url, path, { headers: { accept: 'application/json' } });
  return JSON.parse(body) as Body;
}

/** Calls `task` for every item, `atOnce` at a time. */
export async function forEachAtOnce<Item>(
  items: Iterable<Item>,
  atOnce: number,
  task: (item: Item) => Promise<void>,
): Promise<void> {
  const pending = items[Symbol.iterator]();
  const work = async () => {
    for (let next = pending.next(); !next.done; next = pending.next()) await task(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
