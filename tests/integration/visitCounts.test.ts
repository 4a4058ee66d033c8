import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { callTable, createDynamoDBClient, createWriteOnceClient, writeOnce } from '../../src/aws/dynamodb';
import { provideCredentials } from '../../src/aws/credentials';
import { maxAttempts } from '../../src/aws/repeat';
import { SignedCaller } from '../../src/aws/signed/signedCaller';
import { parseTag } from '../../src/tags/tag';
import { VisitCounts } from '../../src/visits/visitCounts';
import { describeError } from '../../src/web/errors';
import { endAll, endLater } from '../support/cleanup';
import { ClientCounts } from '../support/clientCounts';
import { readCounts, region, startTestEngine, type TestEngine } from '../support/engine';
import { startFaultyProxy, type Fault, type FaultyProxy } from '../support/faultyProxy';

const tableName = 'DynamoDBTable';
const shell = { ...process.env };
let engine: TestEngine;
let proxy: FaultyProxy;

/** The same work with the SDK's client as it comes, with our settings of it, and with the signed path. */
let paths: Record<
  'sdk' | 'client' | 'signed' | 'repeatingSdk' | 'repeating',
  Pick<ClientCounts, 'recordVisit' | 'readCount'>
>;

/** The SDK's client as it comes, with our time limits. */
function createSdkClient(overrides: DynamoDBClientConfig = {}): DynamoDBClient {
  const requestHandler = { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true };
  return new DynamoDBClient({ maxAttempts, requestHandler, credentials: provideCredentials, ...overrides });
}

beforeAll(async () => {
  engine = await startTestEngine();
  proxy = await startFaultyProxy(engine.endpoint);
});

beforeEach(() => {
  Object.assign(process.env, {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'first',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
    AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
  });
  proxy.clockAheadMs = 0;
  const countWith = (client: DynamoDBClient, call: typeof callTable) => {
    endLater(() => {
      client.destroy();
    });
    return new ClientCounts(client, tableName, call);
  };
  paths = {
    sdk: countWith(createSdkClient({ maxAttempts: 1 }), writeOnce),
    client: countWith(createWriteOnceClient(createDynamoDBClient()), writeOnce),
    signed: new VisitCounts(new SignedCaller(new URL(proxy.endpoint), region), tableName),
    repeatingSdk: countWith(createSdkClient(), callTable),
    repeating: countWith(createDynamoDBClient(), callTable),
  };
});

afterAll(async () => {
  process.env = shell;
  await endAll();
});

/** What a call came to: its value, or what the caller is told; and what that took. */
async function observe(path: keyof typeof paths, fault: Fault, method: 'recordVisit' | 'readCount') {
  const tag = parseTag(`${path}-${fault}-${method}`);
  Object.assign(proxy, { fault, attempts: 0, requests: [] });
  const outcome = await paths[path][method](tag).catch(describeError);
  proxy.fault = 'none';
  const { attempts, requests } = proxy;
  return { outcome, attempts, count: (await readCounts(engine.client))[tag]?.Count, requests };
}

const faults: Fault[] = [
  ...([
    'none',
    'hang',
    'reset',
    'loseReply',
    'cutReply',
    'internalError',
    'throttle',
    'throttleOnce',
  ] as const),
  ...([
    'throttleAs500',
    'throttleAs503',
    'throttleAs429',
    'away',
    'gibberish',
    'clockSkewed',
    'expired',
  ] as const),
  ...(['conflict', 'conflictOnce', 'accessDenied'] as const),
];

describe('A visit by the signed path and one by the SDK client', () => {
  it.each(faults.flatMap((fault) => [[fault, 'recordVisit'] as const, [fault, 'readCount'] as const]))(
    'come to the same, in as many attempts, when they meet %s in %s',
    async (fault, method) => {
      const { requests: bySdk, ...expected } = await observe('sdk', fault, method);
      for (const path of ['client', 'signed'] as const) {
        const { requests, ...observed } = await observe(path, fault, method);
        expect({ path, ...observed }).toEqual({ path, ...expected });
        expect(requests.map((headers) => headers['x-amz-target'])).toEqual(
          bySdk.map((headers) => headers['x-amz-target']),
        );
      }
    },
  );

  it.each(faults)('read alike with the SDK’s repetitions when they meet %s', async (fault) => {
    const { attempts, outcome } = await observe('repeatingSdk', fault, 'readCount');
    expect(await observe('repeating', fault, 'readCount')).toMatchObject({ attempts, outcome });
  });

  it('sign with the credentials that stand in the environment by then', async () => {
    for (const path of ['sdk', 'client', 'signed'] as const) {
      process.env.AWS_ACCESS_KEY_ID = 'first';
      const before = await observe(path, 'none', 'recordVisit');
      process.env.AWS_ACCESS_KEY_ID = 'second';
      const after = await observe(path, 'none', 'recordVisit');
      expect([path, credentialOf(before), credentialOf(after)]).toEqual([path, 'first', 'second']);
    }
  });

  it.each(['sdk', 'client', 'signed'] as const)(
    'arrive with the signature that DynamoDB works out of what arrived, repeated ones too (%s)',
    async (path) => {
      const { requests } = await observe(path, 'throttleOnce', 'recordVisit');
      expect(requests).toHaveLength(2);
      for (const { authorization, ...arrived } of requests) {
        const names = /SignedHeaders=([^,]+)/.exec(authorization ?? '')?.[1]?.split(';') ?? [];
        const headers = Object.fromEntries(names.map((name) => [name, String(arrived[name])]));
        const { 'x-amz-date': stamp = '', 'x-amz-security-token': sessionToken = '' } = headers;
        const signer = new SignatureV4({
          ...{ service: 'dynamodb', region, sha256: Sha256, applyChecksum: false },
          credentials: { accessKeyId: 'first', secretAccessKey: 'secret', sessionToken },
        });
        const request = new HttpRequest({ method: 'POST', path: '/', headers, body: proxy.body });
        const expected = await signer.sign(request, { signingDate: parseStamp(stamp) });

        expect(authorization).toBe(expected.headers.authorization);
        expect(names).toEqual(expect.arrayContaining(['host', 'x-amz-date', 'x-amz-target']));
        expect(sessionToken).toBe('token');
      }
    },
  );

  it.each([-3_600_000, 3_600_000])(
    'go by the clock of DynamoDB once an answer told it (%d ms)',
    async (ahead) => {
      proxy.clockAheadMs = ahead;
      for (const path of ['sdk', 'client', 'signed'] as const) {
        const first = await observe(path, 'clockSkewed', 'recordVisit');
        const second = await observe(path, 'none', 'recordVisit');
        expect([path, first.attempts, second.attempts]).toEqual([path, 1, 1]);
        expect(Math.abs(clockOf(second) - Date.now() - ahead)).toBeLessThan(30_000);
        expect(Math.abs(clockOf(first) - Date.now())).toBeLessThan(30_000);
      }
    },
  );
});

interface Observed {
  requests: FaultyProxy['requests'];
}

function credentialOf({ requests }: Observed): string | undefined {
  return /Credential=([^/]+)/.exec(requests[0]?.authorization ?? '')?.[1];
}

/** The time that the request was signed for. */
function clockOf({ requests }: Observed): number {
  return parseStamp(String(requests[0]?.['x-amz-date'])).getTime();
}

/** @param stamp `20261231T235959Z` */
function parseStamp(stamp: string): Date {
  return new Date(stamp.replace(/^(....)(..)(..T..)(..)(..)Z$/, '$1-$2-$3:$4:$5Z'));
}
