import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startEngine } from '../../local/engine/engine';
import { listProcesses } from '../../local/engine/processes';
import { endAll, endLater } from '../support/cleanup';
import { projectFolder } from '../support/engine';
import { getJson, send } from '../support/http';
import {
  makeFolder,
  runToEnd,
  spawnRunner,
  startRunnerProcess,
  waitFor,
  type RunnerProcess,
} from '../support/runner';

afterAll(endAll);

const asJson = { headers: { accept: 'application/json' } };

/** The project with changes to its files, in a folder of its own. */
function copyProject(changes: Record<string, (source: string) => string>): string {
  const folder = makeFolder();
  cpSync(join(projectFolder, 'src'), join(folder, 'src'), { recursive: true });
  symlinkSync(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'template.yaml'), readFileSync(join(projectFolder, 'template.yaml')));
  for (const [file, change] of Object.entries(changes)) {
    let source = '';
    try {
      source = readFileSync(join(folder, file), 'utf8');
    } catch {
      mkdirSync(join(folder, file, '..'), { recursive: true });
    }
    writeFileSync(join(folder, file), change(source));
  }
  return folder;
}

const templateIn = (folder: string) => ['--template', join(folder, 'template.yaml')];

describe('npm start', () => {
  let folder: string;
  let runner: RunnerProcess;

  beforeAll(async () => {
    folder = makeFolder();
    runner = await startRunnerProcess(folder);
  }, 60_000);

  it('says what it started, what it leaves out, and warns of nothing', () => {
    expect(runner.output()).toMatch(/table +DynamoDBTable/);
    expect(runner.output()).toContain('GET /tags/{tag+} → RecordVisitFunction');
    expect(runner.output()).toContain('PageApi: throttling.');
    expect(runner.output()).not.toMatch(/warn/i);
  });

  it('serves both doors, at / and at /Prod', async () => {
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

  it('runs the stream: the total follows', async () => {
    await send(runner.url, '/tags/total');
    const { count: doors } = await getJson<{ count: number }>(runner.url, '/counts/doors');
    const total = async () => (await getJson<{ total: number }>(runner.url, '/counts/total')).total;
    await waitFor(async () => (await total()) >= doors + 1, 5_000);
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
  ])('answers %s %s as API Gateway or the function does: %i', async (method, path, status, message) => {
    const answer = await send(runner.url, path, { method, ...asJson });
    expect(answer.status).toBe(status);
    // eslint-disable-next-line jest/no-conditional-expect -- an answer to HEAD has no body
    if (message !== undefined) expect(JSON.parse(answer.body)).toEqual({ message });
  });

  it.each(['constructor', '__proto__', 'toString'])(
    'takes a parameter and a header named %s',
    async (name) => {
      const headers = { [name]: 'a', accept: 'application/json' };
      expect((await send(runner.url, `/tags/names?${name}=1`, { headers })).status).toBe(200);
      expect(
        (await send(runner.url, `/visits?tag=names&${name}=1`, { method: 'POST', headers })).status,
      ).toBe(204);
    },
  );

  it('answers a preflight request of a page, and never allows credentials', async () => {
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

  it('keeps a session by a cookie that a browser takes over plain HTTP', async () => {
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

  it('logs calls of /hello in a table that SAM calls simple', async () => {
    const [first, second] = [await send(runner.url, '/hello'), await send(runner.url, '/Prod/hello')];
    const { AccessDatetime: before } = JSON.parse(first.body) as { AccessDatetime: { dt: string }[] };
    const { AccessDatetime: after } = JSON.parse(second.body) as { AccessDatetime: { dt: string }[] };
    expect([before.length, after.length, after[1]]).toEqual([1, 2, before[0]]);
  });

  it('refuses to start a second time on the same data', async () => {
    const { code, output } = await runToEnd(folder);
    expect(code).toBe(1);
    expect(output.trim()).toMatch(
      /^Footfall already runs with the data in .* \(process \d+\)\. Stop it first.*$/,
    );
  });

  it('ends at SIGTERM, leaves no process, and keeps the counts', async () => {
    await send(runner.url, '/tags/kept');
    const engineUrl = /engine +(\S+)/.exec(runner.output())?.[1] ?? '';
    expect(await runner.end('SIGTERM')).toBe(0);
    await expect(fetch(engineUrl)).rejects.toThrow('fetch failed');

    const again = await startRunnerProcess(folder);
    expect(again.output()).not.toContain('cleared');
    expect(await getJson(again.url, '/counts/kept')).toMatchObject({ count: 1 });
    expect(await again.end('SIGINT')).toBe(0);
  }, 60_000);
});

describe('npm start leaves nothing behind', () => {
  /** Whether a process of this data folder is alive. */
  const isAnyLeft = (folder: string) =>
    listProcesses().some(({ argv }) => argv.some((part) => part.startsWith(`${folder}/`)));

  it.each(['engine', 'table', 'function'])(
    'at SIGTERM while it starts, right after "%s"',
    async (step) => {
      const folder = makeFolder();
      const { child, output, exited } = spawnRunner(folder);
      await waitFor(() => output().includes(`  ${step} `), 20_000, output);
      child.kill('SIGTERM');
      expect(await exited).toBe(0);
      expect(isAnyLeft(folder)).toBe(false);
    },
    30_000,
  );

  it('when its terminal is closed', async () => {
    const folder = makeFolder();
    const runner = await startRunnerProcess(folder);
    expect(await runner.end('SIGHUP')).toBe(0);
    expect(isAnyLeft(folder)).toBe(false);
  }, 30_000);

  it('when whoever reads its output goes away', async () => {
    const folder = makeFolder();
    const { child, output, exited } = spawnRunner(folder);
    await waitFor(() => output().includes('  table '), 20_000, output);
    child.stdout.destroy();
    await exited;
    expect(isAnyLeft(folder)).toBe(false);
  }, 30_000);

  it.each<NodeJS.Signals>(['SIGTERM', 'SIGKILL'])(
    'when npm gets a %s',
    async (signal) => {
      const folder = makeFolder();
      const runner = await startRunnerProcess(folder, { withNpm: true });
      expect(runner.output()).not.toMatch(/warn/i);
      await runner.end(signal);
      await waitFor(() => !isAnyLeft(folder), 10_000);
      await expect(fetch(runner.url)).rejects.toThrow('fetch failed');
    },
    60_000,
  );

  it('when a handler of the stream hangs', async () => {
    const project = copyProject({
      'src/handlers/streamProcessor.ts': () =>
        'export const handler = () => new Promise(() => setInterval(() => undefined, 1000));',
    });
    const folder = makeFolder();
    const runner = await startRunnerProcess(folder, { args: templateIn(project) });
    await send(runner.url, '/tags/a');
    await waitFor(
      () => listProcesses().some(({ argv }) => argv.join(' ').includes(`${folder}/build/Stream`)),
      10_000,
    );
    expect(await runner.end('SIGTERM')).toBe(0);
    expect(isAnyLeft(folder)).toBe(false);
  }, 60_000);

  it('and ends only what is its own: not a program that has the path among its words', async () => {
    const folder = makeFolder();
    const bystander = spawn('sh', ['-c', `: --db-path ${folder}/dynamodb.sqlite; sleep 60 & wait`], {
      detached: true,
    });
    endLater(() => {
      if (bystander.pid !== undefined) process.kill(-bystander.pid, 'SIGKILL');
    });
    const runner = await startRunnerProcess(folder);
    expect(runner.output()).not.toContain('cleared');
    expect(bystander.exitCode).toBeNull();
    await runner.end('SIGTERM');
  }, 30_000);
});

describe('Two starts at once on the same data', () => {
  it('leave one that runs and one that says so', async () => {
    const folder = makeFolder();
    const both = [spawnRunner(folder), spawnRunner(folder)];
    const loser = await Promise.race(
      both.map(async (one) => ({ code: await one.exited, output: one.output() })),
    );
    expect(loser.code).toBe(1);
    expect(loser.output).toContain('Footfall already runs with the data in');
    const winner = both.find(({ child }) => child.exitCode === null);
    await waitFor(() => winner?.output().includes('Footfall is ready'), 20_000, winner?.output);
    winner?.child.kill('SIGTERM');
    expect(await winner?.exited).toBe(0);
  }, 60_000);
});

describe('npm start says in one sentence, and ends with 1,', () => {
  it('that its port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    endLater(() => {
      other.close();
    });
    const PORT = String((other.address() as AddressInfo).port);
    const { code, output } = await runToEnd(makeFolder(), { env: { PORT } });
    expect(code).toBe(1);
    expect(output).toContain(`Port ${PORT} is in use. Set PORT to another one`);
    expect(output).not.toMatch(/^ +at /m);
  });

  it.each([
    ['that the template is not YAML', 'Resources: [', /template\.yaml is not valid YAML: .* at line 1/],
    ['that the template has nothing in it', 'Outputs: {}', /has no Resources/],
    [
      'what the template refers to and does not define',
      'Resources: {A: {Type: AWS::Serverless::Function, Properties: {Runtime: nodejs24.x, Environment: {Variables: {X: !Ref Nobody}}}}}',
      /refers to Nobody, which it does not define/,
    ],
    [
      'that a short form is none',
      'Resources: {A: {Type: "X::Y", Properties: {B: !GetAttr C.D}}}',
      /!GetAttr/,
    ],
    ['that a resource is nothing', 'Resources: {A: }', /cannot be understood/],
    [
      'that a number is none',
      'Resources: {A: {Type: AWS::Serverless::Function, Properties: {Runtime: nodejs24.x, Timeout: ten}}}',
      /Timeout takes a whole number from 1 to 900, not "ten"/,
    ],
  ])('%s', async (_, template, sentence) => {
    const folder = copyProject({ 'template.yaml': () => template });
    const { code, output } = await runToEnd(makeFolder(), { args: templateIn(folder) });
    expect(code).toBe(1);
    expect(output).toMatch(sentence);
    expect(output).not.toMatch(/^ +at /m);
  });

  it('where a handler does not compile', async () => {
    const folder = copyProject({ 'src/handlers/main.ts': (source) => `${source}\nconst = 1;` });
    const { code, output } = await runToEnd(makeFolder(), { args: templateIn(folder) });
    expect(code).toBe(1);
    expect(output).toMatch(/MainFunction does not compile:\n.*main\.ts:\d+: /);
  }, 30_000);

  it.each([
    [{ PORT: '1e3' }, 'PORT is 1e3, which is no port.'],
    [{ PORT: '70000' }, 'PORT is 70000, which is no port.'],
    [{ AWS_ENDPOINT_URL_DYNAMODB: 'nonsense' }, 'it takes an address such as http://127.0.0.1:8000'],
    [{ AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1' }, 'ECONNREFUSED'],
    [{ FOOTFALL_DATA: '/dev/null' }, '/dev/null'],
    [{ FOOTFALL_DATA: '/dev/null/data' }, '/dev/null/data'],
  ])(
    'what is wrong with %j',
    async (env: Record<string, string>, sentence) => {
      const { code, output } = await runToEnd(makeFolder(), { env });
      expect(code).toBe(1);
      expect(output).toContain(sentence);
      expect(output).not.toMatch(/^ +at /m);
    },
    30_000,
  );

  it('that an option or a parameter is unknown', async () => {
    expect((await runToEnd(makeFolder(), { args: ['--nonsense'] })).output).toContain('--help');
    const { code, output } = await runToEnd(makeFolder(), { args: ['--parameter-overrides', 'Nonsense=1'] });
    expect([code, output.trim()]).toEqual([1, 'The template has no parameter Nonsense.']);
  }, 30_000);
});

describe('npm start with another engine', () => {
  it('uses it and starts none of its own', async () => {
    const engine = await startEngine();
    endLater(() => engine.stop());
    const runner = await startRunnerProcess(makeFolder(), {
      env: { AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint },
    });
    expect(runner.output()).toContain(engine.endpoint);
    await send(runner.url, '/tags/elsewhere');
    expect(await getJson(runner.url, '/counts/elsewhere')).toMatchObject({ count: 1 });
    await runner.end('SIGTERM');
    expect((await fetch(engine.endpoint)).ok).toBe(true);
  }, 60_000);
});

describe('npm start with a template that nobody foresaw', () => {
  const faulty = `
exports.handler = async (event) => {
  const how = event.pathParameters.how;
  if (how === 'throw') throw new Error('as asked');
  if (how === 'exit') process.exit(0);
  if (how === 'hang') await new Promise(() => setInterval(() => {}, 1000));
  if (how === 'loop') for (;;);
  if (how === 'text') return 'no object';
  if (how === 'status') return { statusCode: 'many' };
  if (how === 'field') return { statusCode: 200, colour: 'red' };
  if (how === 'function') return () => 1;
  if (how === 'channel') { process.send(null); return { statusCode: 200 }; }
  if (how === 'early') return { statusCode: 100 };
  if (how === 'large') return { statusCode: 200, body: 'x'.repeat(7 * 1024 * 1024) };
  if (how === 'header') return { statusCode: 200, headers: { 'x-broken': 'a\\nb' } };
  return { statusCode: 200, body: JSON.stringify(process.env) };
};`;
  const listener = `
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({});
export const handler = async (event: { Records: { dynamodb: { Keys: { name: { S: string } } } }[] }) => {
  for (const { dynamodb } of event.Records) {
    const Item = { key: dynamodb.Keys.name };
    await client.send(new PutItemCommand({ TableName: process.env.SEEN_TABLE, Item }));
  }
};`;
  const writer = `
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({});
export const handler = async (event: { pathParameters: { name: string } }) => {
  const key = { S: event.pathParameters.name };
  const { Item } = await client.send(new GetItemCommand({ TableName: process.env.SEEN_TABLE, Key: { key } }));
  await client.send(new PutItemCommand({ TableName: process.env.NAMES_TABLE, Item: { name: key } }));
  return { statusCode: 200, body: Item ? 'seen' : 'new' };
};`;
  const resources = `
Resources:
  NamesTable:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{ AttributeName: name, KeyType: HASH }]
      AttributeDefinitions: [{ AttributeName: name, AttributeType: S }]
      StreamSpecification: { StreamViewType: KEYS_ONLY }
  SeenTable:
    Type: AWS::Serverless::SimpleTable
    Properties: { PrimaryKey: { Name: key, Type: String } }
  ListenerFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: listener.handler
      Environment: { Variables: { SEEN_TABLE: !Ref SeenTable } }
      Events:
        Names: { Type: DynamoDB, Properties: { Stream: !GetAtt NamesTable.StreamArn, StartingPosition: TRIM_HORIZON } }
        Daily: { Type: Schedule, Properties: { Schedule: rate(1 day) } }
    Metadata: { BuildMethod: esbuild, BuildProperties: { EntryPoints: [handlers/listener.ts] } }
  WriterFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: writer.handler
      Environment: { Variables: { SEEN_TABLE: !Ref SeenTable, NAMES_TABLE: !Ref NamesTable } }
      Events:
        Name: { Type: Api, Properties: { Method: GET, Path: '/names/{name}' } }
    Metadata: { BuildMethod: esbuild, BuildProperties: { EntryPoints: [handlers/writer.ts] } }
  FaultyFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Timeout: 1
      InlineCode: |${faulty.replace(/\n/g, '\n        ')}
      Environment: { Variables: { GREETING: hello } }
      Events:
        Web: { Type: Api, Properties: { Method: GET, Path: '/faulty/{how}' } }
        Page: { Type: HttpApi, Properties: { ApiId: !Ref PageApi, Method: GET, Path: '/faulty-page/{how}' } }
        Secret: { Type: Api, Properties: { Method: GET, Path: /secret, Auth: { Authorizer: AWS_IAM } } }
  SnakeFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: snake.handler
      Runtime: python3.13
      Events:
        Web: { Type: Api, Properties: { Method: GET, Path: /snake } }
        Page: { Type: HttpApi, Properties: { Method: GET, Path: /snake-page } }
  Machine:
    Type: AWS::StepFunctions::StateMachine
`;
  let runner: RunnerProcess;

  beforeAll(async () => {
    const folder = copyProject({
      'template.yaml': (template) =>
        template
          .replace('\nResources:\n', resources)
          .replace(
            '\n  Api:\n',
            '\n  HttpApi: { CorsConfiguration: { AllowOrigins: [https://example.com] } }\n  Api:\n    BinaryMediaTypes: [image/gif]\n',
          ),
      'src/handlers/listener.ts': () => listener,
      'src/handlers/writer.ts': () => writer,
    });
    runner = await startRunnerProcess(makeFolder(), {
      args: templateIn(folder),
      env: { SECRET: 'of the shell' },
    });
  }, 60_000);

  it('runs its function, tables, route and stream, beside our own', async () => {
    expect((await send(runner.url, '/names/ann')).body).toBe('new');
    await waitFor(async () => (await send(runner.url, '/names/ann')).body === 'seen', 5_000);
    expect((await send(runner.url, '/tags/a')).status).toBe(200);
  });

  it('names what it does not run', () => {
    expect(runner.output()).toContain('ListenerFunction: the event Daily (Schedule) is not run.');
    expect(runner.output()).toContain('SnakeFunction: runs on python3.13; only Node.js is run.');
    expect(runner.output()).toContain('ServerlessRestApi: BinaryMediaTypes.');
    expect(runner.output()).toContain('Machine: AWS::StepFunctions::StateMachine is not run.');
    expect(runner.output()).toContain('GET /secret: has an authorizer, which is not run, so it answers 401.');
  });

  it('lets nobody past an authorizer that it does not run', async () => {
    expect((await send(runner.url, '/secret')).status).toBe(401);
  });

  it.each([
    ['throw', 502],
    ['exit', 502],
    ['text', 502],
    ['status', 502],
    ['field', 502],
    ['header', 502],
    ['function', 502],
    ['channel', 502],
    ['early', 502],
    ['large', 502],
    ['hang', 504],
    ['loop', 504],
  ])('answers for a handler that does "%s" with %i, and the next request works', async (how, status) => {
    expect((await send(runner.url, `/faulty/${how}`)).status).toBe(status);
    expect((await send(runner.url, '/faulty/not')).status).toBe(200);
    expect((await send(runner.url, '/tags/a')).status).toBe(200);
  });

  it('says in its output which field of an answer is wrong', () => {
    expect(runner.output()).toContain('FaultyFunction: The answer\'s statusCode is "many".');
    expect(runner.output()).toContain('FaultyFunction: The answer has unknown fields: colour.');
  });

  it('infers the format of an answer without a status, as an HTTP API does', async () => {
    const { status, headers, body } = await send(runner.url, '/faulty-page/text');
    expect([status, headers['content-type'], body]).toEqual([200, 'application/json', 'no object']);
  });

  it('answers 502 for a function that does not run on Node.js', async () => {
    expect((await send(runner.url, '/snake')).status).toBe(502);
  });

  it('has the CORS of Globals for the HTTP API that SAM makes by itself', async () => {
    const preflight = (origin: string) =>
      send(runner.url, '/snake-page', {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'GET' },
      });
    expect((await preflight('https://example.com')).headers).toMatchObject({
      'access-control-allow-origin': 'https://example.com',
    });
    expect((await preflight('https://example.org')).headers).not.toHaveProperty(
      'access-control-allow-origin',
    );
  });

  it("gives a function the template's variables and Lambda's own, and none of the shell's", async () => {
    const variables = JSON.parse((await send(runner.url, '/faulty/not')).body) as Record<string, string>;
    expect(variables).toMatchObject({
      GREETING: 'hello',
      TABLE_NAME: 'DynamoDBTable',
      AWS_LAMBDA_FUNCTION_NAME: 'FaultyFunction',
    });
    expect(
      Object.keys(variables).filter((name) => ['SECRET', 'PATH', 'HOME', 'FOOTFALL_DATA'].includes(name)),
    ).toEqual([]);
  });
});

describe('A change of the source', () => {
  it('is run without a restart, and one that does not compile leaves the old code', async () => {
    const folder = copyProject({});
    const runner = await startRunnerProcess(makeFolder(), { args: templateIn(folder) });
    const page = join(folder, 'src/pages/visitPage.ts');
    const source = readFileSync(page, 'utf8');
    writeFileSync(page, source.replace('YOUR VISIT COUNTS.', 'CHANGED.'));
    await waitFor(async () => (await send(runner.url, '/tags/a')).body.includes('CHANGED.'), 20_000);

    writeFileSync(page, 'const = 1;');
    await waitFor(() => runner.output().includes('does not compile, so the old code stays'), 20_000);
    expect((await send(runner.url, '/tags/a')).body).toContain('CHANGED.');
  }, 90_000);
});

describe('An engine that ends by itself', () => {
  it('is started again: 503 meanwhile, and no count is lost', async () => {
    const runner = await startRunnerProcess(makeFolder());
    await send(runner.url, '/tags/a');
    const { pid } = findEngine(runner);
    process.kill(pid, 'SIGKILL');
    await waitFor(async () => {
      const { status } = await send(runner.url, '/tags/a');
      expect([200, 503]).toContain(status);
      return status === 200;
    }, 20_000);
    expect(await getJson(runner.url, '/counts/a')).toMatchObject({ count: 2 });
  }, 60_000);
});

/** The engine's process, by the port in its command line. */
function findEngine(runner: RunnerProcess): { pid: number } {
  const port = /engine +http:\/\/127\.0\.0\.1:(\d+)/.exec(runner.output())?.[1] ?? '';
  const engine = listProcesses().find(({ argv }) => argv[argv.indexOf('--port') + 1] === port);
  if (!engine) throw new Error('The engine is not among the processes.');
  return engine;
}
