import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Checkpoints } from '../../../../local/streams/checkpoints';
import { startStreamConsumer, type StreamConsumer } from '../../../../local/streams/consumer';
import type { EventSourceMapping } from '../../../../local/streams/mapping';
import { describeShards, selectReadableShards, type ShardState } from '../../../../local/streams/shards';
import { FakeStreamsClient } from '../../../support/fakeStreamsClient';
import { ManualClock } from '../../../support/manualClock';
import { createMapping, streamArn } from '../../../support/streamRecords';

let folder: string;
let clock: ManualClock;
let stream: FakeStreamsClient;
let delivered: string[];
let logged: string[];
let consumer: StreamConsumer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'shards-'));
  clock = new ManualClock();
  stream = new FakeStreamsClient(clock.nowMs() / 1_000);
  delivered = [];
  logged = [];
});
afterEach(async () => {
  await consumer?.stop();
  await rm(folder, { recursive: true });
});

async function startConsumer(overrides: Partial<EventSourceMapping> = {}): Promise<void> {
  const log = (message: string) => logged.push(message);
  consumer = startStreamConsumer({
    mapping: createMapping(overrides),
    streams: stream.asClient(),
    invoke: ({ Records: records }) => {
      delivered.push(...records.map(({ dynamodb }) => dynamodb.SequenceNumber));
      return Promise.resolve({ ok: true, response: null, requestId: 'r1' });
    },
    checkpoints: await Checkpoints.open(folder, log),
    sendToDestination: () => Promise.resolve(),
    log,
    clock,
  });
}

test('every page of a stream’s description is read', async () => {
  for (const id of ['a', 'b', 'c', 'd', 'e']) stream.addShard(id, id === 'a' ? undefined : 'a');
  const shards = await describeShards(stream.asClient(), streamArn, new AbortController().signal);
  expect(shards.map(({ shardId }) => shardId)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(stream.calls).toHaveLength(3);
});

test.each<[rule: string, states: Record<string, ShardState>, readable: string[]]>([
  ['at first, the root shards and those whose parent was trimmed', {}, ['root', 'orphan']],
  ['no child of a shard that is being read', { root: 'running' }, ['orphan']],
  ['the children of a finished shard', { root: 'finished' }, ['left', 'right', 'orphan']],
  [
    'no grandchild before its own parent is finished',
    { root: 'finished', right: 'finished' },
    ['left', 'orphan'],
  ],
  [
    'a grandchild after its parent is finished',
    { root: 'finished', left: 'finished' },
    ['grandchild', 'orphan', 'right'],
  ],
  ['no child of a trimmed shard with pending records', { trimmed: 'running' }, ['root']],
])('these shards are readable: %s', (_, states, readable) => {
  const shards = [
    { shardId: 'grandchild', parentShardId: 'left' },
    { shardId: 'root' },
    { shardId: 'left', parentShardId: 'root' },
    { shardId: 'right', parentShardId: 'root' },
    { shardId: 'orphan', parentShardId: 'trimmed' },
  ];
  const selected = selectReadableShards(shards, (id) => states[id] ?? 'waiting');
  expect(selected.sort()).toEqual([...readable].sort());
});

test('the children of a split shard are read after the whole parent', async () => {
  const parent = stream.addShard('parent');
  parent.sequenceNumbers.push('1', '2');
  await startConsumer();
  await clock.runUntil(() => delivered.length === 2);

  // The children have records before the parent is read to its end.
  stream.addShard('left', 'parent').sequenceNumbers.push('10');
  stream.addShard('right', 'parent').sequenceNumbers.push('11');
  const before = stream.calls.filter((call) => call === 'DescribeStreamCommand').length;
  await clock.runUntil(
    () => stream.calls.filter((call) => call === 'DescribeStreamCommand').length >= before + 4,
  );
  expect(delivered).toEqual(['1', '2']);

  parent.sequenceNumbers.push('3');
  parent.isClosed = true;
  await clock.runUntil(() => delivered.length === 5);
  expect(delivered.slice(0, 3)).toEqual(['1', '2', '3']);
  expect(delivered.slice(3).sort()).toEqual(['10', '11']);
});

test('a shard with an ending sequence number in its description is still read', async () => {
  const shard = stream.addShard('only');
  await startConsumer();
  for (const number of ['1', '2', '3', '4']) {
    shard.sequenceNumbers.push(number);
    await clock.runUntil(() => delivered.includes(number));
  }
  expect(delivered).toEqual(['1', '2', '3', '4']);
});

test('finished shards are not read again after a restart, and are forgotten once the stream drops them', async () => {
  const parent = stream.addShard('parent');
  parent.sequenceNumbers.push('1');
  parent.isClosed = true;
  stream.addShard('child', 'parent').sequenceNumbers.push('2');
  await startConsumer();
  await clock.runUntil(() => delivered.length === 2);
  await consumer?.stop();

  await startConsumer();
  stream.shards.get('child')?.sequenceNumbers.push('3');
  await clock.runUntil(() => delivered.length === 3);
  expect(delivered).toEqual(['1', '2', '3']);

  stream.shards.delete('parent');
  const kept = async () => {
    const checkpoints = await Checkpoints.open(folder, () => undefined);
    return checkpoints.forMapping(createMapping().id, streamArn, 1).shardIds;
  };
  let shardIds = await kept();
  expect(shardIds).toEqual(['parent', 'child']);
  const described = stream.calls.length;
  await clock.runUntil(() => stream.calls.slice(described).filter((call) => call.startsWith('D')).length > 3);
  shardIds = await kept();
  expect(shardIds).toEqual(['child']);
});

test('a lane that finished its shard does not run again with the unfinished lanes', async () => {
  const shard = stream.addShard('only');
  shard.sequenceNumbers.push(...Array.from({ length: 20 }, (_, index) => String(index + 1)));
  shard.isClosed = true;
  const checkpoints = await Checkpoints.open(folder, () => undefined);
  const kept = checkpoints.forMapping(createMapping().id, streamArn, 2);
  await kept.record({ shardId: 'only', lane: 0 }, { kind: 'finished' });
  await startConsumer({ parallelizationFactor: 2 });
  await clock.runUntil(() => delivered.length > 0);
  expect(delivered.length).toBeLessThan(20);
});

test('LATEST skips the records that exist at the start and delivers every later one', async () => {
  const shard = stream.addShard('old');
  shard.sequenceNumbers.push('1', '2');
  await startConsumer({ startingPosition: 'LATEST' });
  await clock.runUntil(() => stream.calls.filter((call) => call === 'GetRecordsCommand').length > 2);
  stream.addShard('new', 'old').sequenceNumbers.push('20');
  shard.sequenceNumbers.push('3');
  await clock.runUntil(() => delivered.length === 1);
  shard.isClosed = true;
  await clock.runUntil(() => delivered.length === 2);
  expect(delivered).toEqual(['3', '20']);
});

test('LATEST keeps its starting point over a restart before the first record', async () => {
  const shard = stream.addShard('only');
  await startConsumer({ startingPosition: 'LATEST' });
  await clock.runUntil(() => stream.calls.includes('GetRecordsCommand'));
  await consumer?.stop();
  shard.sequenceNumbers.push('1');
  await startConsumer({ startingPosition: 'LATEST' });
  await clock.runUntil(() => delivered.length === 1);
  expect(delivered).toEqual(['1']);
});

test('an expired iterator is replaced without a warning or a duplicate record', async () => {
  const shard = stream.addShard('only');
  shard.sequenceNumbers.push('1');
  await startConsumer();
  await clock.runUntil(() => delivered.length === 1);
  stream.expireIterators();
  shard.sequenceNumbers.push('2');
  await clock.runUntil(() => delivered.length === 2);
  expect(delivered).toEqual(['1', '2']);
  expect(logged).toEqual([]);
});

test('a lane whose checkpoint was trimmed resumes at the oldest record and reports the loss', async () => {
  const shard = stream.addShard('only');
  shard.sequenceNumbers.push('1');
  await startConsumer();
  await clock.runUntil(() => delivered.length === 1);
  await consumer?.stop();
  shard.sequenceNumbers.push('2', '3', '4');
  shard.trimmed = 3;
  await startConsumer();
  await clock.runUntil(() => delivered.length === 2);
  expect(delivered).toEqual(['1', '4']);
  expect(logged).toEqual([expect.stringMatching(/^Records were lost: shard only is trimmed/)]);
});

test('a shard that is removed while it is read ends with a warning', async () => {
  const shard = stream.addShard('parent');
  shard.sequenceNumbers.push('1');
  stream.addShard('child', 'parent').sequenceNumbers.push('2');
  await startConsumer();
  await clock.runUntil(() => delivered.length === 1);
  stream.shards.delete('parent');
  await clock.runUntil(() => delivered.length === 2);
  expect(logged).toEqual([expect.stringMatching(/^Records were lost: shard parent was removed/)]);
});

test('an outage of any length is survived, and its start and end are reported once each', async () => {
  stream.outage = new Error('connect ECONNREFUSED');
  await startConsumer({ parallelizationFactor: 3 });
  const shard = stream.addShard('only');
  shard.sequenceNumbers.push('1');
  await clock.runUntil(() => stream.calls.length > 20);
  stream.outage = undefined;
  await clock.runUntil(() => delivered.length === 1);

  stream.outage = new Error('Throttled');
  const before = stream.calls.length;
  await clock.runUntil(() => stream.calls.length > before + 20);
  stream.outage = undefined;
  shard.sequenceNumbers.push('2');
  await clock.runUntil(() => delivered.length === 2 && logged.length === 4);
  expect(logged).toEqual([
    'The stream of ThingsFunction cannot be read; trying on. Error: connect ECONNREFUSED',
    'The stream of ThingsFunction can be read again.',
    'The stream of ThingsFunction cannot be read; trying on. Error: Throttled',
    'The stream of ThingsFunction can be read again.',
  ]);
});

test('stopping takes effect at once, with or without an outage, and leaves no pending wait', async () => {
  stream.addShard('only');
  await startConsumer();
  await clock.runUntil(() => clock.sleeperCount === 2);
  await consumer?.stop();
  expect(clock.sleeperCount).toBe(0);

  stream.outage = new Error('connect ECONNREFUSED');
  await startConsumer();
  await clock.runUntil(() => clock.sleeperCount === 1);
  await consumer?.stop();
  expect(clock.sleeperCount).toBe(0);
});
