import { endAll } from '../support/cleanup';
import { send } from '../support/http';
import { copyProject, parseResources, templateIn } from '../support/project';
import { makeFolder, startRunnerProcess, waitFor, type RunnerProcess } from '../support/runner';

afterAll(endAll);

describe('npm start with an arbitrary template', () => {
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
    const folder = copyProject(
      { 'src/handlers/listener.ts': () => listener, 'src/handlers/writer.ts': () => writer },
      {
        template: ({ Resources, Globals }) => {
          Object.assign(Resources, parseResources(resources));
          Object.assign(Globals, {
            HttpApi: { CorsConfiguration: { AllowOrigins: ['https://example.com'] } },
          });
          Object.assign(Globals.Api ?? {}, { BinaryMediaTypes: ['image/gif'] });
        },
      },
    );
    runner = await startRunnerProcess(makeFolder(), {
      args: templateIn(folder),
      env: { SECRET: 'of the shell' },
    });
  });

  it("runs the template's function, tables, route and stream along with Footfall's", async () => {
    expect((await send(runner.url, '/names/ann')).body).toBe('new');
    await waitFor(async () => (await send(runner.url, '/names/ann')).body === 'seen');
    expect((await send(runner.url, '/tags/a')).status).toBe(200);
  });

  it('lists everything that it does not run', () => {
    expect(runner.output()).toContain('ListenerFunction: the event Daily (Schedule) is not run.');
    expect(runner.output()).toContain('SnakeFunction: runs on python3.13; only Node.js is run.');
    expect(runner.output()).toContain('ServerlessRestApi: BinaryMediaTypes.');
    expect(runner.output()).toContain('Machine: AWS::StepFunctions::StateMachine is not run.');
    expect(runner.output()).toContain('GET /secret: has an authorizer, which is not run, so it answers 401.');
  });

  it('answers 401 behind an authorizer that it does not run', async () => {
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
  ])('answers for a handler that fails by "%s" with %i and serves the next request', async (how, status) => {
    expect((await send(runner.url, `/faulty/${how}`)).status).toBe(status);
    expect((await send(runner.url, '/faulty/not')).status).toBe(200);
    expect((await send(runner.url, '/tags/a')).status).toBe(200);
  });

  it('names the invalid field of an answer in its output', () => {
    expect(runner.output()).toContain('FaultyFunction: The answer\'s statusCode is "many".');
    expect(runner.output()).toContain('FaultyFunction: The answer has unknown fields: colour.');
  });

  it('infers the response format of an answer without a status, as an HTTP API does', async () => {
    const { status, headers, body } = await send(runner.url, '/faulty-page/text');
    expect([status, headers['content-type'], body]).toEqual([200, 'application/json', 'no object']);
  });

  it('answers 502 for a function that does not run on Node.js', async () => {
    expect((await send(runner.url, '/snake')).status).toBe(502);
  });

  it('applies the CORS settings of Globals to the implicit HTTP API', async () => {
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

  it("gives a function the template's and Lambda's variables but not the shell's", async () => {
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
