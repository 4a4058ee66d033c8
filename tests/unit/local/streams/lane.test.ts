import type { InvocationResult } from '../../../../local/streams/batch';
import type { Position } from '../../../../local/streams/checkpoints';
import type { FailureMessage } from '../../../../local/streams/failureMessage';
import { Lane, type LaneOptions } from '../../../../local/streams/lane';
import { StoppedError } from '../../../../local/streams/endlessRetry';
import { measureRecord, type StreamRecord } from '../../../../local/streams/record';
import type { ShardPage } from '../../../../local/streams/shardReader';
import { ManualClock } from '../../../support/manualClock';
import { createMapping, createRecord } from '../../../support/streamRecords';

const delivered: InvocationResult = { ok: true, response: null, requestId: 'r1' };
const thrown: InvocationResult = {
  ok: false,
  error: 'Error: no',
  requestId: 'r2',
  functionError: 'Unhandled',
};

let clock: ManualClock;
let stopping: AbortController;
let startMs: number;
/** The pages that the shard returns in turn, before empty ones. */
let pages: Partial<ShardPage>[];
let readTimes: number[];
let invocations: { atMs: number; numbers: string[] }[];
let positions: Position[];
let messages: [string, FailureMessage][];
let logged: string[];

beforeEach(() => {
  clock = new ManualClock();
  startMs = clock.nowMs();
  stopping = new AbortController();
  [pages, readTimes, invocations, positions, messages, logged] = [[], [], [], [], [], []];
});

function startLane(overrides: Partial<LaneOptions> = {}): { ended: Promise<string> } {
  const lane = new Lane({
    mapping: createMapping(),
    key: { shardId: 'shardId-1', lane: 0 },
    reader: {
      read: () => {
        readTimes.push(clock.nowMs() - startMs);
        const page = {
          records: [],
          hasMore: false,
          isLast: false,
          lastSequenceNumber: undefined,
          ...pages.shift(),
        };
        const last = page.records.at(-1)?.dynamodb.SequenceNumber;
        return Promise.resolve({ ...page, lastSequenceNumber: page.lastSequenceNumber ?? last });
      },
    },
    isWanted: () => true,
    invoke: ({ Records: records }) => {
      invocations.push({
        atMs: clock.nowMs() - startMs,
        numbers: records.map(({ dynamodb }) => dynamodb.SequenceNumber),
      });
      return Promise.resolve(delivered);
    },
    checkpoints: {
      record: (_, position) => {
        positions.push(position);
        return Promise.resolve();
      },
    },
    sendToDestination: (id, message) => {
      messages.push([id, message]);
      return Promise.resolve();
    },
    clock,
    signal: stopping.signal,
    log: (message) => logged.push(message),
    ...overrides,
  });
  const ended = lane.run().then(
    () => 'finished',
    (error: unknown) => (error instanceof StoppedError ? 'stopped' : String(error)),
  );
  return { ended };
}

function createRecords(first: number, count: number): StreamRecord[] {
  return Array.from({ length: count }, (_, index) => createRecord(String(first + index)));
}

const countInvoked = () => invocations.reduce((sum, { numbers }) => sum + numbers.length, 0);

test('an idle shard is read four times a second', async () => {
  startLane();
  await clock.runUntil(() => readTimes.length === 5);
  expect(readTimes).toEqual([0, 250, 500, 750, 1_000]);
});

test('a backlog is read without pauses and sent in full batches', async () => {
  pages = [
    { records: createRecords(1, 250), hasMore: true },
    { records: createRecords(251, 250), hasMore: true },
    { records: createRecords(501, 30) },
  ];
  startLane();
  await clock.runUntil(() => countInvoked() === 530);
  expect(readTimes).toEqual([0, 0, 0]);
  expect(invocations.map(({ numbers }) => numbers.length)).toEqual([100, 100, 100, 100, 100, 30]);
  expect(invocations.flatMap(({ numbers }) => numbers)).toEqual(
    createRecords(1, 530).map(({ dynamodb }) => dynamodb.SequenceNumber),
  );
});

test('an incomplete batch is sent when its window ends, measured from its first record', async () => {
  pages = [{}, { records: createRecords(1, 1) }, {}, { records: createRecords(2, 1) }];
  startLane({ mapping: createMapping({ maximumBatchingWindowSeconds: 2 }) });
  await clock.runUntil(() => invocations.length === 1);
  expect(invocations).toEqual([{ atMs: 2_250, numbers: ['1', '2'] }]);
});

test('a full batch skips its window, and a batch one record short waits for it', async () => {
  const mapping = createMapping({ maximumBatchingWindowSeconds: 2, batchSize: 10 });
  pages = [{ records: createRecords(1, 19) }];
  startLane({ mapping });
  await clock.runUntil(() => invocations.length === 2);
  expect(invocations.map(({ atMs, numbers }) => [atMs, numbers.length])).toEqual([
    [0, 10],
    [2_000, 9],
  ]);
});

test('a batch ends before it exceeds six megabytes of JSON', async () => {
  const limitBytes = 6 * 1024 * 1024;
  // Each letter takes two bytes, because the limit is in bytes and not in characters.
  const big = (number: string, bytes: number) => createRecord(number, { text: 'é'.repeat(bytes / 2) });
  const half = big('1', limitBytes / 2);
  const exact = big('2', 2 * Math.floor((limitBytes / 2 - 2_000) / 2));
  const rest = limitBytes - Buffer.byteLength(JSON.stringify({ Records: [half, exact] }));
  // The remaining bytes hold a comma and the record.
  const fitting = createRecord('3', {
    text: 'x'.repeat(rest - measureRecord(createRecord('3')).jsonBytes - 1),
  });
  const tooBig = createRecord('3', { text: 'x'.repeat(rest - measureRecord(createRecord('3')).jsonBytes) });
  expect(Buffer.byteLength(JSON.stringify({ Records: [half, exact, fitting] }))).toBe(limitBytes);

  pages = [{ records: [half, exact, fitting] }];
  startLane();
  await clock.runUntil(() => countInvoked() === 3);
  pages = [{ records: [half, exact, tooBig] }];
  await clock.runUntil(() => countInvoked() === 6);
  expect(invocations.map(({ numbers }) => numbers)).toEqual([['1', '2', '3'], ['1', '2'], ['3']]);
});

test('a batch of six megabytes skips its window', async () => {
  const records = createRecords(1, 7).map(({ dynamodb }) =>
    createRecord(dynamodb.SequenceNumber, { text: 'x'.repeat(1_000_000) }),
  );
  pages = [{ records }];
  startLane({ mapping: createMapping({ maximumBatchingWindowSeconds: 60 }) });
  await clock.runUntil(() => countInvoked() === 7);
  expect(invocations.map(({ atMs, numbers }) => [atMs, numbers.length])).toEqual([
    [0, 6],
    [60_000, 1],
  ]);
});

test('records that are filtered out invoke nothing, and the checkpoint moves past them', async () => {
  pages = [{ records: createRecords(1, 3) }, { records: createRecords(4, 3) }];
  startLane({ isWanted: ({ dynamodb }) => dynamodb.SequenceNumber === '5' });
  await clock.runUntil(() => positions.length === 2);
  expect(invocations.map(({ numbers }) => numbers)).toEqual([['5']]);
  expect(positions).toEqual([
    { kind: 'after', sequenceNumber: '3' },
    { kind: 'after', sequenceNumber: '6' },
  ]);
});

test('the checkpoint stays before a matching record that is waiting', async () => {
  pages = [{ records: createRecords(1, 3) }, { records: createRecords(4, 1) }];
  startLane({
    isWanted: ({ dynamodb }) => dynamodb.SequenceNumber === '2',
    mapping: createMapping({ maximumBatchingWindowSeconds: 1 }),
  });
  await clock.runUntil(() => readTimes.length === 4);
  expect(positions).toEqual([]);
  await clock.runUntil(() => positions.length > 0);
  expect(positions).toEqual([{ kind: 'after', sequenceNumber: '4' }]);
});

test('at the end of a shard, the waiting records are sent at once and the lane finishes', async () => {
  pages = [{ records: createRecords(1, 2) }, { records: createRecords(3, 1), isLast: true }];
  const { ended } = startLane({ mapping: createMapping({ maximumBatchingWindowSeconds: 60 }) });
  await clock.runUntil(() => positions.length === 2);
  expect(invocations).toEqual([{ atMs: 250, numbers: ['1', '2', '3'] }]);
  expect(positions.at(-1)).toEqual({ kind: 'finished' });
  await expect(ended).resolves.toBe('finished');
});

test('the checkpoint covers the settled part of a batch before the rest succeeds', async () => {
  pages = [{ records: createRecords(1, 4) }];
  const mapping = createMapping({ bisectBatchOnFunctionError: true });
  let failures = 0;
  startLane({
    mapping,
    invoke: ({ Records: records }) => {
      const isBad = records.some(({ dynamodb }) => dynamodb.SequenceNumber === '3');
      if (isBad) failures++;
      return Promise.resolve(isBad ? thrown : delivered);
    },
  });
  await clock.runUntil(() => failures === 8);
  expect(positions).toEqual([{ kind: 'after', sequenceNumber: '2' }]);
  expect(logged).toEqual(['ThingsFunction failed on 4 records (1 to 4) of shardId-1: Error: no']);
});

test('an invocation that cannot start counts as a failure', async () => {
  pages = [{ records: createRecords(1, 1) }];
  const mapping = createMapping({ maximumRetryAttempts: 1, onFailureDestination: 'FailedQueue' });
  startLane({ mapping, invoke: () => Promise.reject(new Error('no worker')) });
  await clock.runUntil(() => positions.length === 1);
  expect(messages).toEqual([
    [
      'FailedQueue',
      expect.objectContaining({
        requestContext: expect.objectContaining({ approximateInvokeCount: 2 }) as unknown,
      }),
    ],
  ]);
});

test('a failing destination does not block the shard', async () => {
  pages = [{ records: createRecords(1, 1) }];
  const mapping = createMapping({ maximumRetryAttempts: 0, onFailureDestination: 'FailedQueue' });
  startLane({
    mapping,
    invoke: () => Promise.resolve(thrown),
    sendToDestination: () => Promise.reject(new Error('no queue')),
  });
  await clock.runUntil(() => positions.length === 1);
  expect(logged.at(-1)).toContain('nothing was sent to FailedQueue. Error: no queue');
});

test('stopping during the wait before a retry ends the lane without another invocation or checkpoint', async () => {
  pages = [{ records: createRecords(1, 1) }];
  let attempts = 0;
  const { ended } = startLane({
    invoke: () => {
      attempts++;
      return Promise.resolve(thrown);
    },
  });
  await clock.runUntil(() => attempts === 3);
  stopping.abort();
  await expect(ended).resolves.toBe('stopped');
  expect([attempts, positions.length, clock.sleeperCount]).toEqual([3, 0, 0]);
});

test('stopping during an invocation waits for it and records its checkpoint', async () => {
  pages = [{ records: createRecords(1, 2) }];
  let finish: ((result: InvocationResult) => void) | undefined;
  const { ended } = startLane({
    invoke: () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  });
  await clock.runUntil(() => finish !== undefined);
  stopping.abort();
  finish?.(delivered);
  await expect(ended).resolves.toBe('stopped');
  expect(positions).toEqual([{ kind: 'after', sequenceNumber: '2' }]);
});
