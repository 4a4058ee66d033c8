import { readFileSync, writeFileSync } from 'node:fs';
import { startEngine } from '../../local/engine/engine';
import { listProcesses } from '../../local/engine/processes';
import { join } from 'node:path';
import { endAll, endLater } from '../support/cleanup';
import { getJson, send } from '../support/http';
import { copyProject, templateIn } from '../support/project';
import { makeFolder, runToEnd, startRunnerProcess, waitFor, type RunnerProcess } from '../support/runner';

afterAll(endAll);

const asJson = { headers: { accept: 'application/json' } };

describe('npm start', () => {
  let folder: string;
  let runner: RunnerProcess;

  beforeAll(async () => {
    folder = makeFolder();
    runner = await startRunnerProcess(folder, { application: 'source' });
  });

  it('lists the parts that it started and the settings that it ignores, without a warning', () => {
    expect(runner.output()).toMatch(/table +DynamoDBTable/);
    expect(runner.output()).toContain('GET /tags/{tag+} → RecordVisitFunction');
    expect(runner.output()).toContain('PageApi: throttling.');
    expect(runner.output()).not.toMatch(/warn/i);
  });

  it('serves both APIs at / and at /Prod', async () => {
    for (const path of ['/tags/doors', '/Prod/tags/doors', '/tag/doors']) {
      expect((await send(runner.url, path)).status).toBe(200);
    }
    for (const path of ['/visits?tag=doors', '/Prod/visits?tag=doors']) {
      expect((await send(runner.url, path, { method: 'POST' })).status).toBe(204);
    }
    expect(await getJson(runner.url, '/counts/doors')).toMatchObject({ tag: 'doors', count: 5 });
    expect((await send(runner.url, '/Prod/tags/doors')).body).toContain('href="/Prod/counts/doors"');
    expect((await send(runner.url, '/tags/doors')).body).toContain('href="/counts/doors"');
  });

  it('passes its own address to the functions as the address of the beacon API', async () => {
    const { body } = await send(runner.url, '/', { headers: { accept: 'text/html' } });
    expect(body).toContain(`src=&quot;${runner.url}footfall.js&quot;`);
  });

  it('runs the stream, so the total follows the counts', async () => {
    await send(runner.url, '/tags/total');
    const { count: doors } = await getJson<{ count: number }>(runner.url, '/counts/doors');
    const total = async () => (await getJson<{ total: number }>(runner.url, '/counts/total')).total;
    await waitFor(async () => (await total()) >= doors + 1);
    expect(await total()).toBe(doors + 1);
  });

  it.each([
    ['GET', '/nowhere', 403, 'Missing Authentication Token'],
    ['HEAD', '/tags/a', 403, undefined],
    ['POST', '/tags/a', 403, 'Missing Authentication Token'],
    ['GET', '/visits?tag=a', 404, 'Not Found'],
    ['GET', '/tags', 400, 'The tag is empty.'],
    ['GET', '/tags/', 400, 'The tag is empty.'],
    ['POST', '/visits', 400, 'The tag is empty.'],
    ['GET', '/tags/%zz', 400, 'The address has broken percent-encoding.'],
    ['GET', '/tags/COUNTER', 400, 'The tag COUNTER is reserved for the total.'],
  ])('answers %s %s with %i, as API Gateway or the function does', async (method, path, status, message) => {
    const answer = await send(runner.url, path, { method, ...asJson });
    expect(answer.status).toBe(status);
    // eslint-disable-next-line jest/no-conditional-expect -- an answer to HEAD has no body
    if (message !== undefined) expect(JSON.parse(answer.body)).toEqual({ message });
  });

  it.each(['constructor', '__proto__', 'toString'])(
    'accepts a parameter and a header named %s',
    async (name) => {
      const headers = { [name]: 'a', accept: 'application/json' };
      expect((await send(runner.url, `/tags/names?${name}=1`, { headers })).status).toBe(200);
      expect(
        (await send(runner.url, `/visits?tag=names&${name}=1`, { method: 'POST', headers })).status,
      ).toBe(204);
    },
  );

  it('answers the preflight request of a page and never allows credentials', async () => {
    const headers = { origin: 'https://example.com', 'access-control-request-method': 'POST' };
    const preflight = await send(runner.url, '/visits?tag=a', { method: 'OPTIONS', headers });
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([204, '*']);
    expect(preflight.headers['access-control-allow-methods']).toContain('POST');
    expect(preflight.headers).not.toHaveProperty('access-control-allow-credentials');

    const beacon = await send(runner.url, '/visits?tag=cors', {
      method: 'POST',
      headers: { origin: 'https://example.com' },
    });
    expect([beacon.status, beacon.headers['access-control-allow-origin']]).toEqual([204, '*']);
  });

  it('keeps a session with a cookie that browsers accept over plain HTTP', async () => {
    const first = await send(runner.url, '/session');
    const [, id = ''] = /^session-id: (\S+), counter: 1$/.exec(first.body) ?? [];
    expect(first.headers['set-cookie']).toEqual([
      `footfall-visitor=${id}; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax`,
    ]);
    const headers = { cookie: `theme=dark; footfall-visitor=${id}` };
    const second = await send(runner.url, '/Prod/session', { headers });
    expect([second.body, second.headers['set-cookie']]).toEqual([`session-id: ${id}, counter: 2`, undefined]);

    const elsewhere = await send(runner.url, '/session', { headers: { ...headers, host: 'example.com' } });
    expect(elsewhere.headers['set-cookie']?.[0]).toMatch(/^__Host-footfall-visitor=.*; Secure$/);
  });

  it('logs calls of /hello in a table of the type SimpleTable', async () => {
    const [first, second] = [await send(runner.url, '/hello'), await send(runner.url, '/Prod/hello')];
    const { AccessDatetime: before } = JSON.parse(first.body) as { AccessDatetime: { dt: string }[] };
    const { AccessDatetime: after } = JSON.parse(second.body) as { AccessDatetime: { dt: string }[] };
    expect([before.length, after.length, after[1]]).toEqual([1, 2, before[0]]);
  });

  it('restarts an engine that ends by itself, answers 503 meanwhile, and loses no count', async () => {
    await send(runner.url, '/tags/restarted');
    process.kill(findEngine(runner).pid, 'SIGKILL');
    await waitFor(async () => {
      const { status } = await send(runner.url, '/tags/restarted');
      expect([200, 503]).toContain(status);
      return status === 200;
    });
    expect(await getJson(runner.url, '/counts/restarted')).toMatchObject({ count: 2 });
  });

  it('refuses to start a second time on the same data', async () => {
    const { code, output } = await runToEnd(folder);
    expect(code).toBe(1);
    expect(output.trim()).toMatch(
      /^Starting Footfall .*\nFootfall already runs with the data in .* \(process \d+\)\. Stop it first.*$/,
    );
  });

  it('ends at SIGTERM, leaves no process behind, and keeps the counts', async () => {
    await send(runner.url, '/tags/kept');
    const engineUrl = /engine +(\S+)/.exec(runner.output())?.[1] ?? '';
    expect(await runner.end('SIGTERM')).toBe(0);
    await expect(fetch(engineUrl)).rejects.toThrow('fetch failed');

    const again = await startRunnerProcess(folder, { application: 'visits' });
    expect(again.output()).not.toContain('cleared');
    expect(await getJson(again.url, '/counts/kept')).toMatchObject({ count: 1 });
    expect(await again.end('SIGINT')).toBe(0);
  });
});

describe('npm start with an external engine', () => {
  it('uses that engine and leaves it running at the end', async () => {
    const engine = await startEngine();
    endLater(() => engine.stop());
    const runner = await startRunnerProcess(makeFolder(), {
      application: 'visits',
      env: { AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint },
    });
    expect(runner.output()).toContain(engine.endpoint);
    await send(runner.url, '/tags/elsewhere');
    expect(await getJson(runner.url, '/counts/elsewhere')).toMatchObject({ count: 1 });
    await runner.end('SIGTERM');
    expect((await fetch(engine.endpoint)).ok).toBe(true);
  });
});

describe('A change of the source code', () => {
  it('takes effect without a restart, and one that does not compile leaves the old code running', async () => {
    const folder = copyProject({}, { application: 'visits', fromSource: ['RecordVisitFunction'] });
    const runner = await startRunnerProcess(makeFolder(), { args: templateIn(folder) });
    const page = join(folder, 'src/pages/visitPage.ts');
    const source = readFileSync(page, 'utf8');
    writeFileSync(page, source.replace('YOUR VISIT COUNTS.', 'CHANGED.'));
    await waitFor(async () => (await send(runner.url, '/tags/a')).body.includes('CHANGED.'));

    writeFileSync(page, 'const = 1;');
    await waitFor(() => runner.output().includes('does not compile, so the old code stays'));
    expect((await send(runner.url, '/tags/a')).body).toContain('CHANGED.');
  });
});

/** Finds the engine's process by the port in its command line. */
function findEngine(runner: RunnerProcess): { pid: number } {
  const port = /engine +http:\/\/127\.0\.0\.1:(\d+)/.exec(runner.output())?.[1] ?? '';
  const engine = listProcesses().find(({ argv }) => argv[argv.indexOf('--port') + 1] === port);
  if (!engine) throw new Error('The engine is not among the processes.');
  return engine;
}
