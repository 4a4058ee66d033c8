import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCountsTable, type CountsTable, type Item } from './countsTable';
import { startRunnerFunctions, type Invoke } from './runnerFunctions';
import { buildApplication, removeContainers, root, run, samLocalOptions, Started } from './tools';

jest.setTimeout(240_000);

const eventsFolder = join(root, 'events');

/** What stands in the table before each event. */
const before: Item[] = [
  { ID: 'COUNTER', TotalViews: 48 },
  { ID: 'café/au lait', Count: 7 },
  { ID: 'hello', Count: 41 },
];

interface Expected {
  status?: number;
  /** The body, parsed where it is JSON; for a trigger that is no API, the whole answer. */
  answer: unknown;
  /** The items that the event leaves otherwise than they were. */
  changed?: Item[];
}

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
    changed: [{ ID: 'café/au lait', Count: 8 }],
  },
  'recordVisit.tag.json': {
    status: 200,
    answer: { tag: 'hello', count: 42 },
    changed: [{ ID: 'hello', Count: 42 }],
  },
  'recordVisit.noTag.json': { status: 400, answer: { message: 'The tag is empty.' } },
  'recordVisit.beacon.json': { status: 204, answer: '', changed: [{ ID: 'café/au lait', Count: 8 }] },
  'viewCounts.json': { status: 200, answer: { tag: 'café/au lait', count: 7, total: 48 } },
  // One INSERT by 1, one MODIFY by 3, one INSERT by 2, one REMOVE of 3, and the total's own record: 3 more.
  'streamProcessor.json': {
    answer: { batchItemFailures: [] },
    changed: [{ ID: 'COUNTER', TotalViews: 51 }],
  },
};

const started = new Started();
let table: CountsTable;
let options: string[];
let invokeInRunner: Invoke;

beforeAll(async () => {
  started.add(removeContainers);
  table = await startCountsTable(started);
  invokeInRunner = await startRunnerFunctions(table.template, table.access, started);
  options = await samLocalOptions(await buildApplication(), table.variablesFile);
});

afterAll(() => started.stop());

async function invokeInSam(functionId: string, eventFile: string): Promise<unknown> {
  const { status, stdout, stderr } = await run('sam', [
    ...['local', 'invoke', functionId, '--event', eventFile],
    ...options,
  ]);
  if (status !== 0) throw new Error(`sam local invoke ${functionId} failed:\n${stderr}`);
  return JSON.parse(stdout);
}

/** `recordVisit.beacon.json` is an event of `RecordVisitFunction`. */
function functionOf(file: string): string {
  const [stem = ''] = file.split('.');
  return `${stem.charAt(0).toUpperCase()}${stem.slice(1)}Function`;
}

function parseBody(answer: unknown): unknown {
  const { body, headers } = answer as { body: string; headers: Record<string, string> };
  return headers['content-type']?.startsWith('application/json') ? JSON.parse(body) : body;
}

describe('sam local invoke', () => {
  const files = readdirSync(eventsFolder);

  it('has an expected answer here for every file of events/', () => {
    expect(files.sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(files)('answers events/%s as expected, and as the local runner does', async (file) => {
    const path = join(eventsFolder, file);
    const { status, answer, changed = [] } = expected[file] ?? { answer: 'nothing that anyone wrote down' };
    const items = before.map((item) => changed.find(({ ID }) => ID === item.ID) ?? item);

    await table.fill(before);
    const inSam = await invokeInSam(functionOf(file), path);
    const itemsAfterSam = await table.read();
    await table.fill(before);
    const inRunner = await invokeInRunner(functionOf(file), JSON.parse(readFileSync(path, 'utf8')));
    const itemsAfterRunner = await table.read();

    expect(inSam).toEqual(inRunner);
    expect(status === undefined ? inSam : { status: statusOf(inSam), answer: parseBody(inSam) }).toEqual(
      status === undefined ? answer : { status, answer },
    );
    expect(itemsAfterSam).toEqual(items);
    expect(itemsAfterRunner).toEqual(items);
  });
});

function statusOf(answer: unknown): number {
  return (answer as { statusCode: number }).statusCode;
}
