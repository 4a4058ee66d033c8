import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { createDynamoDBClient, createWriteOnceClient } from '../../src/aws/dynamodb';
import { RequestHandler } from '../../src/aws/requestHandler';
import { endAll, endLater } from '../support/cleanup';
import { serve } from '../support/serve';

afterAll(endAll);

/** A stub of DynamoDB that records the client port of each call. */
async function startEndpoint() {
  const ports: (number | undefined)[] = [];
  const port = await serve((request, response) => {
    ports.push(request.socket.remotePort);
    request.resume().on('end', () => response.end('{}'));
  });
  return { endpoint: `http://127.0.0.1:${port}`, ports };
}

const timeouts = { connectionMs: 1_000, answerMs: 2_000 };
const write = () => new UpdateItemCommand({ TableName: 'table', Key: { ID: { S: 'a' } } });

beforeAll(() => {
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
  });
});

it.each([
  ['reuses its connection', 10_000, 1],
  ['opens a new connection after a longer pause, because the old one may be dead', 10_001, 2],
])('The SDK’s client %s', async (_name, pauseMs, connections) => {
  const { endpoint, ports } = await startEndpoint();
  let nowMs = 1_000_000;
  const requestHandler = new RequestHandler(timeouts, { now: () => nowMs });
  const client = createDynamoDBClient({ endpoint, requestHandler });
  endLater(() => {
    client.destroy();
  });
  await client.send(write());
  nowMs += pauseMs;
  await client.send(write());
  expect(new Set(ports).size).toBe(connections);
});

it('A function’s two clients share one connection', async () => {
  const { endpoint, ports } = await startEndpoint();
  process.env.AWS_ENDPOINT_URL_DYNAMODB = endpoint;
  const client = createDynamoDBClient();
  endLater(() => {
    client.destroy();
  });
  await client.send(write());
  await createWriteOnceClient(client).send(write());
  expect([ports.length, new Set(ports).size]).toEqual([2, 1]);
});
