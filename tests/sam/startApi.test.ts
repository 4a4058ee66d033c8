import { findFreePort } from '../../local/engine/engine';
import { endAll, endLater } from '../support/cleanup';
import { readCounts, startTestEngine, type TestEngine } from '../support/engine';
import { makeFolder, startRunnerProcess, waitFor } from '../support/runner';
import {
  awsVariables,
  buildApplication,
  pointContainersAt,
  removeContainers,
  samLocalOptions,
  startProcess,
  stopProcess,
} from './tools';

jest.setTimeout(240_000);

/** Two servers run the same application, each with its own tables. */
let samUrl: string;
let runnerUrl: string;
/** The engine of sam local's functions. */
let engine: TestEngine;

beforeAll(async () => {
  endLater(removeContainers);
  engine = await startTestEngine();
  const variablesFile = await pointContainersAt(engine.endpoint);
  samUrl = await startSamApi(await samLocalOptions(await buildApplication(), variablesFile));

  ({ url: runnerUrl } = await startRunnerProcess(makeFolder()));
});

afterAll(endAll);

/** @returns its address */
async function startSamApi(options: string[]): Promise<string> {
  const port = await findFreePort();
  const child = startProcess(
    'sam',
    [
      ...['local', 'start-api', '--host', '127.0.0.1', '--port', String(port)],
      ...['--warm-containers', 'LAZY', ...options],
    ],
    awsVariables(),
  );
  endLater(() => stopProcess(child));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  await waitFor(
    () => {
      if (child.exitCode !== null) throw new Error(`sam local start-api ended:\n${output}`);
      return output.includes('Running on http');
    },
    () => output,
  );
  return `http://127.0.0.1:${port}`;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Headers about the server and the connection. */
const serverHeaders = ['connection', 'content-length', 'date', 'keep-alive', 'server', 'transfer-encoding'];

async function ask(
  base: string,
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(new URL(path, base), { method, headers, redirect: 'manual' });
  const entries = [...response.headers].filter(([name]) => !serverHeaders.includes(name));
  return { status: response.status, headers: Object.fromEntries(entries), body: await response.text() };
}

const html = { accept: 'text/html' };
const json = { accept: 'application/json' };

/** Sends one request to both. */
async function askBoth(
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ sam: Answer; runner: Answer }> {
  const [sam, runner] = await Promise.all([
    ask(samUrl, method, path, headers),
    ask(runnerUrl, method, path, headers),
  ]);
  return { sam, runner: withoutBeaconAddress(runner) };
}

/** Removes the beacon API's address, which is empty in sam local and the runner's own address in the runner. */
function withoutBeaconAddress({ status, headers, body }: Answer): Answer {
  const { origin } = new URL(runnerUrl);
  const policy = headers['content-security-policy'];
  return {
    status,
    headers: { ...headers, ...(policy && { 'content-security-policy': policy.replace(` ${origin}`, '') }) },
    body: body.replaceAll(origin, ''),
  };
}

/** Sends one request to both and expects equal answers. @returns the answer */
async function expectSame(
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { sam, runner } = await askBoth(method, path, headers);
  expect(sam).toEqual(runner);
  return sam;
}

/**
 * Like `expectSame`, for a page with the total or days. sam local runs no stream, so they stay 0 there and move within
 * seconds in the runner. The comparison leaves them out.
 */
async function expectSameButStream(path: string, headers: Record<string, string>): Promise<Answer> {
  const { sam, runner } = await askBoth('GET', path, headers);
  const withoutStream = ({ body, ...rest }: Answer) => ({
    ...rest,
    body: body.replace(
      /"total":\d+|"visits":\d+|You have \d+ visits|<dl[^]*?<\/dl>|<figure[^]*?<\/figure>/g,
      'of the stream',
    ),
  });
  expect(withoutStream(sam)).toEqual(withoutStream(runner));
  return sam;
}

/**
 * Like `expectSame`, for a route of the beacon API. An HTTP API replaces the handler's CORS headers by its own. sam
 * local passes the handler's on, and adds a content type to an answer without a body.
 */
async function expectSameButCors(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { sam, runner } = await askBoth('POST', path, headers);
  const withoutCors = (answer: Answer) => ({
    ...answer,
    headers: Object.fromEntries(
      Object.entries(answer.headers).filter(
        ([name]) => !name.startsWith('access-control-') && !(name === 'content-type' && answer.body === ''),
      ),
    ),
  });
  expect(withoutCors(sam)).toEqual(withoutCors(runner));
  return sam;
}

function parse({ status, body }: Answer): unknown {
  return { status, body: JSON.parse(body) as unknown };
}

describe('sam local start-api, compared with npm start', () => {
  it('greets at / with the state of the table', async () => {
    const { sam, runner } = await askBoth('GET', '/');
    // The tables were created in different seconds.
    const withoutTime = ({ body, ...rest }: Answer) => ({
      ...rest,
      body: body.replace(/"createdAt":"[^"]+"/, 'the time'),
    });
    expect(withoutTime(sam)).toEqual(withoutTime(runner));
    expect(parse(sam)).toMatchObject({
      status: 200,
      body: { message: 'Hello, world!', table: { name: 'DynamoDBTable', status: 'ACTIVE', itemCount: 0 } },
    });
  });

  it('shows a home page at / to a client that accepts HTML', async () => {
    const { status, body } = await expectSame('GET', '/', html);
    expect(status).toBe(200);
    expect(body).toContain('<h1>Visit counts that add up</h1>');
  });

  it('counts through both APIs and shows one count', async () => {
    expect((await expectSame('GET', '/tags/x')).body).toContain('The tag "x" has 1 total visits.');
    expect(parse(await expectSame('GET', '/tag/x', json))).toEqual({
      status: 200,
      body: { tag: 'x', count: 2 },
    });
    expect(await expectSameButCors('/visits?tag=x')).toMatchObject({ status: 204, body: '' });
    const page = await expectSameButStream('/counts/x', html);
    expect(page.body).toContain('The tag "x" has 3 total visits.');
    expect(page.body).toContain('You have 0 visits across all pages.');
    expect(parse(await expectSameButStream('/counts/x', json))).toEqual({
      status: 200,
      body: { tag: 'x', count: 3, total: 0, days: expect.any(Array) as unknown },
    });
    expect(await readCounts(engine.client)).toMatchObject({ x: { Count: 3 } });
  });

  const awkwardTags: [string, string][] = [
    ['with a space', 'a b'],
    ['with slashes', 'docs/2026/start'],
    ['with an accent', 'café'],
    ['of one emoji', '👣'],
    ['with both quotes', `"it's"`],
    ['that is a script', '<script>alert(1)</script>'],
    ['of a percent sign', '%'],
    ['that looks percent-encoded', '100%25'],
    ['with the signs of a query', 'a?b=c&d+e#f'],
    ['with a slash at its end', 'blog/'],
  ];
  it.each(awkwardTags)('counts and shows a tag %s: %s', async (_, tag) => {
    const inPath = encodeURIComponent(tag);
    const page = await expectSame('GET', `/tags/${inPath}`, html);
    expect(page.status).toBe(200);
    expect(page.body).toContain(`The tag "${escapeHtml(tag)}" has 1 total visits.`);

    const natural = inPath.replaceAll('%2F', '/');
    expect(parse(await expectSame('GET', `/tags/${natural}`, json))).toEqual({
      status: 200,
      body: { tag, count: 2 },
    });
    expect((await expectSameButCors(`/visits?tag=${inPath}`)).status).toBe(204);
    expect(parse(await expectSameButStream(`/counts/${inPath}`, json))).toEqual({
      status: 200,
      body: { tag, count: 3, total: 0, days: expect.any(Array) as unknown },
    });
    // The page links to the same tag.
    const link = unescapeHtml(/href="(\/counts\/[^"]+)"/.exec(page.body)?.[1] ?? '');
    expect(parse(await expectSameButStream(link, json))).toMatchObject({ body: { tag, count: 3 } });
    expect(await readCounts(engine.client)).toMatchObject({ [tag]: { Count: 3 } });
  });

  it.each([
    ['no tag', '/tags', 'The tag is empty.'],
    ['a tag of nothing', '/tags/', 'The tag is empty.'],
    ["a visit of the total's key", '/tags/COUNTER', 'The tag COUNTER is reserved for the total.'],
    ["a look at the total's key", '/counts/COUNTER', 'The tag COUNTER is reserved for the total.'],
    ['a control character', '/tags/a%00b', 'The tag contains a control character.'],
    ['a long tag', `/tags/${'x'.repeat(513)}`, 'The tag is longer than 512 bytes of UTF-8.'],
  ])('refuses %s with a sentence', async (_, path, message) => {
    expect(parse(await expectSame('GET', path, json))).toEqual({ status: 400, body: { message } });
    const page = await expectSame('GET', path, html);
    expect(page.status).toBe(400);
    expect(page.body).toContain(`<p>${message}</p>`);
  });

  it('refuses a beacon whose tag has broken percent-encoding', async () => {
    const answer = await expectSameButCors('/visits?tag=%ZZ', json);
    expect(parse(answer)).toEqual({
      status: 400,
      body: { message: 'The address has broken percent-encoding.' },
    });
  });

  it('does not count a prefetch, and says so', async () => {
    const headers = { ...json, 'sec-purpose': 'prefetch' };
    const answer = await expectSame('GET', '/tags/ahead', headers);
    expect(parse(answer)).toEqual({ status: 200, body: { tag: 'ahead', count: 0 } });
    expect(answer.headers['footfall-not-counted']).toBe('prefetch');
  });

  it('lets the pages of any origin call the beacon', async () => {
    const { sam, runner } = await askBoth('POST', '/visits?tag=page', { origin: 'https://example.com' });
    for (const { status, headers } of [sam, runner]) {
      expect(status).toBe(204);
      expect(headers['access-control-allow-origin']).toBe('*');
      expect(headers['access-control-expose-headers']?.toLowerCase()).toBe('footfall-not-counted');
    }
  });

  it('answers 403 where there is no route', async () => {
    const { sam, runner } = await askBoth('GET', '/nothing');
    const missing = { status: 403, body: { message: 'Missing Authentication Token' } };
    expect(parse(sam)).toEqual(missing);
    expect(parse(runner)).toEqual(missing);
  });
});

describe('sam local start-api, where it differs from AWS', () => {
  it('decodes path parameters, so it takes broken percent-encoding for a tag', async () => {
    const { sam, runner } = await askBoth('GET', '/tags/%ZZ', json);
    expect(parse(sam)).toEqual({ status: 200, body: { tag: '%ZZ', count: 1 } });
    expect(parse(runner)).toEqual({
      status: 400,
      body: { message: 'The address has broken percent-encoding.' },
    });
  });

  it('serves no path with the stage in front', async () => {
    const { sam, runner } = await askBoth('GET', '/Prod/tags/staged', json);
    expect(sam.status).toBe(403);
    expect(parse(runner)).toEqual({ status: 200, body: { tag: 'staged', count: 1 } });
  });
});

const entities: [string, string][] = [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
];

/** Escapes a tag as pages do. */
function escapeHtml(text: string): string {
  return entities.reduce((escaped, [character, entity]) => escaped.replaceAll(character, entity), text);
}

function unescapeHtml(text: string): string {
  return entities.reduceRight((plain, [character, entity]) => plain.replaceAll(entity, character), text);
}
