import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiResult } from '../../src/http/response';
import { transparentGif } from '../../src/pages/transparentGif';
import { snippet } from '../../src/snippet/snippet';
import { endAll, endLater } from '../support/cleanup';
import { projectFolder, readCounts, readItems, startTestEngine, type TestEngine } from '../support/engine';
import { startFunction, type TestFunction } from '../support/functions';
import { buildApplication, pointContainersAt, removeContainers, run, samLocalOptions } from './tools';

jest.setTimeout(240_000);

const eventsFolder = join(projectFolder, 'events');

/** Items by their keys. */
type Counts = Awaited<ReturnType<typeof readCounts>>;

/** The counts table before each event. The totals contain all of it. */
const before: Counts = {
  COUNTER: { TotalViews: 48, Exact: true },
  'café/au lait': { Count: 7 },
  hello: { Count: 41 },
};

interface Expected {
  status?: number;
  /** The body, parsed if it is JSON. A trigger other than an API gives its whole answer. */
  answer: unknown;
  /** The items that the event changes. */
  changed?: Counts;
  /** The parts that differ from answer to answer, and the text that replaces them for the comparison. */
  varying?: [RegExp, string];
}

/** The member whose record exists before each event. */
const memberId = '6f2c1b8a-3d4e-4f5a-8b6c-7d8e9f0a1b2c';

const sampleEvent = (file: string) => JSON.parse(readFileSync(join(eventsFolder, file), 'utf8')) as unknown;

const expected: Record<string, Expected> = {
  'main.json': {
    status: 200,
    answer: {
      message: 'Hello, world!',
      table: expect.objectContaining({ name: 'DynamoDBTable', status: 'ACTIVE', itemCount: 3 }) as unknown,
    },
  },
  'recordVisit.json': {
    status: 200,
    answer: expect.stringMatching(
      /YOUR VISIT COUNTS\.[^]*The tag "café\/au lait" has 8 total visits\./,
    ) as unknown,
    changed: { 'café/au lait': { Count: 8 } },
  },
  'recordVisit.tag.json': {
    status: 200,
    answer: { tag: 'hello', count: 42 },
    changed: { hello: { Count: 42 } },
  },
  'recordVisit.noTag.json': { status: 400, answer: { message: 'The tag is empty.' } },
  'recordVisit.beacon.json': { status: 204, answer: '', changed: { 'café/au lait': { Count: 8 } } },
  'viewCounts.json': {
    status: 200,
    answer: { tag: 'café/au lait', count: 7, total: 48, days: expect.any(Array) as unknown },
  },
  'listCounts.json': { status: 401, answer: { message: 'Sign in first.' } },
  'tagChanges.json': { status: 401, answer: { message: 'Sign in first.' } },
  'membersPage.json': { status: 401, answer: { message: 'Sign in first.' } },
  'sessionCounter.json': {
    status: 200,
    answer: 'session-id: ID, counter: 1',
    varying: [/v-[\w-]{32}/g, 'ID'],
  },
  'accessLog.json': {
    status: 200,
    answer: { AccessDatetime: [{ dt: 'NOW' }, { dt: '2020-01-01T00:00:00.000000Z' }] },
    varying: [/2\d{3}-\d\d-\d\dT[\d:]{8}\.\d{3}000Z(?=.*2020-)/g, 'NOW'],
  },
  'badge.json': {
    status: 200,
    answer: expect.stringMatching(/^<svg [^]*<title>visits: 7<\/title>/) as unknown,
  },
  'pixel.json': { status: 200, answer: transparentGif, changed: { 'café/au lait': { Count: 8 } } },
  'snippet.json': { status: 200, answer: snippet },
  'login.json': {
    status: 200,
    answer: expect.stringContaining('action="/Prod/login?return=%2Fcounts%2Fhello"') as unknown,
  },
  'login.crossSite.json': {
    status: 403,
    answer: { message: 'This form has expired. Reload the page and try again.' },
  },
  'logout.json': { status: 303, answer: '' },
  'dashboard.json': { status: 302, answer: '' },
  'users.json': {
    status: 200,
    answer: {
      users: [{ user_id: memberId, name: 'Ann', email: 'ann@example.com', age: null, version: 1 }],
    },
  },
  'users.read.json': {
    status: 200,
    answer: { user_id: memberId, name: 'Ann', email: 'ann@example.com', age: null, version: 1 },
  },
  'users.change.json': {
    status: 200,
    answer: { user_id: memberId, name: 'Ann Example', email: 'ann@example.com', age: 37, version: 2 },
  },
  'users.noToken.json': { status: 401, answer: { message: 'Unauthorized' } },
  'users.preflight.json': { status: 204, answer: '' },
  // A Cognito trigger returns its event.
  'recordMember.json': { answer: sampleEvent('recordMember.json') },
  'recordMember.confirmed.json': { answer: sampleEvent('recordMember.confirmed.json') },
  // The last readings are 4 for hello, of which the totals contain 41, 2 for café/au lait, of which they contain 7,
  // and 0 for a page that was deleted.
  'streamProcessor.json': {
    answer: { batchItemFailures: [] },
    changed: { COUNTER: { TotalViews: 6, Exact: true, 'Day:2026-11-21': -45 } },
  },
  'reconcile.json': {
    answer: {
      ...{ tagsRead: 2, rowsRead: 2, tagsBehind: 0, differenceBefore: 0, differenceAfter: 0 },
      ...{ progress: 1, finished: true, rebuilding: false },
    },
  },
};

let engine: TestEngine;
let options: string[];
/** The functions as the local runner builds and runs them. */
const inRunner = new Map<string, TestFunction>();

beforeAll(async () => {
  endLater(removeContainers);
  engine = await startTestEngine();
  for (const { id } of engine.openTemplate().application().functions) {
    inRunner.set(id, await startFunction(id, engine));
  }
  options = await samLocalOptions(await buildApplication(), await pointContainersAt(engine.endpoint));
});

afterAll(endAll);

/** Makes these the only counts, and part of the totals. Adds one old access and one member. */
async function fillTables(counts: Counts): Promise<void> {
  await replaceItems('DynamoDBTable', counts);
  const tags = Object.entries(counts).filter(([ID]) => ID !== 'COUNTER');
  const row = { Stream: '', Sequence: '1', Day: '2020-01-01', Opening: 0, Turns: 0 };
  await replaceItems(
    'TotalsTable',
    Object.fromEntries(tags.map(([ID, { Count }]) => [ID, { ...row, Reading: Count }])),
  );
  await replaceItems('AccessLogTable', { '2020-01-01T00:00:00.000000Z': {} }, 'dt');
  const member = { name: 'Ann', email: 'ann@example.com', version: 1 };
  await replaceItems('UsersTable', { [memberId]: member }, 'user_id');
}

async function replaceItems(TableName: string, items: Counts, key = 'ID'): Promise<void> {
  const present = Object.keys(await readItems(engine.client, TableName, key));
  const requests = [
    ...present
      .filter((id) => !(id in items))
      .map((id) => ({ DeleteRequest: { Key: marshall({ [key]: id }) } })),
    ...Object.entries(items).map(([id, item]) => ({
      PutRequest: { Item: marshall({ [key]: id, ...item }) },
    })),
  ];
  await engine.client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: requests } }));
}

async function invokeInSam(functionId: string, eventFile: string): Promise<unknown> {
  const { status, stdout, stderr } = await run('sam', [
    ...['local', 'invoke', functionId, '--event', eventFile],
    ...options,
  ]);
  if (status !== 0) throw new Error(`sam local invoke ${functionId} failed:\n${stderr}`);
  return JSON.parse(stdout);
}

/** The function of an event file: `recordVisit.beacon.json` is for `RecordVisitFunction`. */
function functionOf(file: string): string {
  const [stem = ''] = file.split('.');
  return `${stem.charAt(0).toUpperCase()}${stem.slice(1)}Function`;
}

function parseAnswer(result: unknown): unknown {
  const { statusCode, headers, body } = result as ApiResult;
  const isJson = headers['content-type']?.startsWith('application/json');
  return { status: statusCode, answer: isJson ? (JSON.parse(body) as unknown) : body };
}

function replaceVarying(result: unknown, [pattern, name]: [RegExp, string] = [/$^/, '']): unknown {
  return JSON.parse(JSON.stringify(result).replace(pattern, name));
}

describe('sam local invoke', () => {
  const files = readdirSync(eventsFolder);

  it('has an expected answer for every file of events/', () => {
    expect(files.sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(files)('answers events/%s as expected, and as the local runner does', async (file) => {
    const path = join(eventsFolder, file);
    const { status, answer, changed, varying } = expected[file] ?? {
      answer: 'an expectation for this file',
    };
    const after = { ...before, ...changed };

    await fillTables(before);
    const bySam = replaceVarying(await invokeInSam(functionOf(file), path), varying);
    expect(await readCounts(engine.client)).toEqual(after);

    await fillTables(before);
    const byRunner = await inRunner.get(functionOf(file))?.invoke(JSON.parse(readFileSync(path, 'utf8')));
    expect(await readCounts(engine.client)).toEqual(after);

    expect(replaceVarying(byRunner, varying)).toMatchObject({ ok: true, response: bySam });
    expect(status === undefined ? bySam : parseAnswer(bySam)).toEqual(
      status === undefined ? answer : { status, answer },
    );
  });
});
