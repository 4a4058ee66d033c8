import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { callTable, createDynamoDBClient, createWriteOnceClient, writeOnce } from '../../src/aws/dynamodb';
import { provideCredentials } from '../../src/aws/credentials';
import { maxAttempts, repeatThrottled } from '../../src/aws/repeat';
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

/** The plain SDK client, the SDK client with Footfall's settings, and the signed path. All do the same work. */
const pathNames = ['sdk', 'client', 'signed', 'repeatingSdk', 'repeating'] as const;
type Path = (typeof pathNames)[number];
let paths: Record<Path, Pick<ClientCounts, 'recordVisit' | 'readCount'>>;

/** One proxy for each path, so that the paths can wait at the same time. */
let proxies: Record<Path, FaultyProxy>;

/** The plain SDK client with Footfall's time limits. */
function createSdkClient(overrides: DynamoDBClientConfig = {}): DynamoDBClient {
  const requestHandler = { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true };
  return new DynamoDBClient({ maxAttempts, requestHandler, credentials: provideCredentials, ...overrides });
}

beforeAll(async () => {
  engine = await startTestEngine();
  const started = await Promise.all(
    pathNames.map(async (path) => [path, await startFaultyProxy(engine.endpoint)] as const),
  );
  proxies = Object.fromEntries(started) as typeof proxies;
});

beforeEach(() => {
  Object.assign(process.env, {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'first',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
    AWS_ENDPOINT_URL_DYNAMODB: proxies.client.endpoint,
  });
  setClocksAhead(0);
  const countWith = (client: DynamoDBClient, call: typeof callTable) => {
    endLater(() => {
      client.destroy();
    });
    return new ClientCounts(client, tableName, call);
  };
  const { sdk, signed, repeatingSdk, repeating } = proxies;
  const writeOnceClient = createWriteOnceClient(createDynamoDBClient());
  const repeatOnThrottle: typeof callTable = (call) => callTable(() => repeatThrottled(call));
  paths = {
    sdk: countWith(createSdkClient({ maxAttempts: 1, endpoint: sdk.endpoint }), repeatOnThrottle),
    client: countWith(writeOnceClient, (call) => writeOnce(writeOnceClient, call)),
    signed: new VisitCounts(new SignedCaller(new URL(signed.endpoint), region), tableName),
    repeatingSdk: countWith(createSdkClient({ endpoint: repeatingSdk.endpoint }), callTable),
    repeating: countWith(createDynamoDBClient({ endpoint: repeating.endpoint }), callTable),
  };
});

afterAll(async () => {
  process.env = shell;
  await endAll();
});

/** The value or the error of one call, its attempts, and the count that it left. */
async function observe(path: Path, fault: Fault, method: 'recordVisit' | 'readCount') {
  const proxy = proxies[path];
  const tag = parseTag(`${path}-${fault}-${method}`);
  Object.assign(proxy, { fault, attempts: 0, requests: [] });
  const outcome = await paths[path][method](tag).catch(describeError);
  proxy.fault = 'none';
  const { attempts, requests } = proxy;
  return { outcome, attempts, count: (await readCounts(engine.client))[tag]?.Count, requests };
}

function setClocksAhead(clockAheadMs: number): void {
  for (const proxy of Object.values(proxies)) proxy.clockAheadMs = clockAheadMs;
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

describe('The signed path and the SDK client', () => {
  it.each(faults.flatMap((fault) => [[fault, 'recordVisit'] as const, [fault, 'readCount'] as const]))(
    'give the same result in the same number of attempts with the fault %s in %s',
    async (fault, method) => {
      const [bySdk, client, signed] = await Promise.all([
        observe('sdk', fault, method),
        observe('client', fault, method),
        observe('signed', fault, method),
      ]);
      const { requests: sdkRequests, ...expected } = bySdk;
      for (const [path, { requests, ...observed }] of Object.entries({ client, signed })) {
        expect({ path, ...observed }).toEqual({ path, ...expected });
        expect(requests.map((headers) => headers['x-amz-target'])).toEqual(
          sdkRequests.map((headers) => headers['x-amz-target']),
        );
      }
    },
  );

  it.each(faults)('repeat a read as the SDK does with the fault %s', async (fault) => {
    const [{ attempts, outcome }, ours] = await Promise.all([
      observe('repeatingSdk', fault, 'readCount'),
      observe('repeating', fault, 'readCount'),
    ]);
    expect(ours).toMatchObject({ attempts, outcome });
  });

  it('sign with the credentials that the environment holds at that moment', async () => {
    for (const path of ['sdk', 'client', 'signed'] as const) {
      process.env.AWS_ACCESS_KEY_ID = 'first';
      const before = await observe(path, 'none', 'recordVisit');
      process.env.AWS_ACCESS_KEY_ID = 'second';
      const after = await observe(path, 'none', 'recordVisit');
      expect([path, credentialOf(before), credentialOf(after)]).toEqual([path, 'first', 'second']);
    }
  });

  it.each(['sdk', 'client', 'signed'] as const)(
    'send the signature that DynamoDB computes from the request, also when they repeat it (%s)',
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
        const request = new HttpRequest({ method: 'POST', path: '/', headers, body: proxies[path].body });
        const expected = await signer.sign(request, { signingDate: parseStamp(stamp) });

        expect(authorization).toBe(expected.headers.authorization);
        expect(names).toEqual(expect.arrayContaining(['host', 'x-amz-date', 'x-amz-target']));
        expect(sessionToken).toBe('token');
      }
    },
  );

  it.each([-3_600_000, 3_600_000])(
    'follow the clock of DynamoDB after an answer with its time (%d ms)',
    async (ahead) => {
      setClocksAhead(ahead);
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

/** The signing time of the first request. */
function clockOf({ requests }: Observed): number {
  return parseStamp(String(requests[0]?.['x-amz-date'])).getTime();
}

/** @param stamp `20261231T235959Z` */
function parseStamp(stamp: string): Date {
  return new Date(stamp.replace(/^(....)(..)(..T..)(..)(..)Z$/, '$1-$2-$3:$4:$5Z'));
}
