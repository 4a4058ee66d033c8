import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Checkpoints, compareSequenceNumbers, type Position } from '../../../../local/streams/checkpoints';
import { streamArn } from '../../../support/streamRecords';

const otherStreamArn = `${streamArn}-later`;
const lane = (shardId: string, number = 0) => ({ shardId, lane: number });
const after = (sequenceNumber: string): Position => ({ kind: 'after', sequenceNumber });

let folder: string;
let logged: string[];
const open = () => Checkpoints.open(folder, (message) => logged.push(message));

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'checkpoints-'));
  logged = [];
});
afterEach(() => rm(folder, { recursive: true }));

test('a position survives a restart, for its own mapping, shard and lane only', async () => {
  const mapping = (await open()).forMapping('A', streamArn, 2);
  await mapping.record(lane('s1', 1), after('12'));

  const checkpoints = await open();
  const again = checkpoints.forMapping('A', streamArn, 2);
  expect(again.read(lane('s1', 1))).toEqual(after('12'));
  expect(again.read(lane('s1', 0))).toBeUndefined();
  expect(again.read(lane('s2', 1))).toBeUndefined();
  expect(checkpoints.forMapping('B', streamArn, 2).isEmpty).toBe(true);
});

test('several mappings can share the file', async () => {
  const checkpoints = await open();
  const first = checkpoints.forMapping('A', streamArn, 1);
  const second = checkpoints.forMapping('B', streamArn, 1);
  await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      Promise.all([
        first.record(lane('s1'), after(String(index))),
        second.record(lane('s1'), after(String(index + 100))),
      ]),
    ),
  );
  const again = await open();
  expect(again.forMapping('A', streamArn, 1).read(lane('s1'))).toEqual(after('49'));
  expect(again.forMapping('B', streamArn, 1).read(lane('s1'))).toEqual(after('149'));
  expect(await readdir(folder)).toEqual(['stream-checkpoints.json']);
});

test('a new stream of the same mapping starts without checkpoints', async () => {
  await (await open()).forMapping('A', streamArn, 1).record(lane('s1'), after('12'));
  const replaced = (await open()).forMapping('A', otherStreamArn, 1);
  expect(replaced.isEmpty).toBe(true);
  await replaced.record(lane('s9'), after('1'));
  expect((await open()).forMapping('A', streamArn, 1).isEmpty).toBe(true);
});

test('a shard is finished once all its lanes are', async () => {
  const mapping = (await open()).forMapping('A', streamArn, 2);
  await mapping.record(lane('s1', 0), { kind: 'finished' });
  expect(mapping.isFinished('s1')).toBe(false);
  await mapping.record(lane('s1', 1), { kind: 'finished' });
  expect(mapping.isFinished('s1')).toBe(true);
});

test('after the number of lanes changes, every lane resumes from the slowest one', async () => {
  const mapping = (await open()).forMapping('A', streamArn, 2);
  await mapping.record(lane('both', 0), after('100'));
  await mapping.record(lane('both', 1), after('99'));
  await mapping.record(lane('ahead', 0), { kind: 'finished' });
  await mapping.record(lane('ahead', 1), after('7'));
  await mapping.record(lane('half', 0), after('5'));
  await mapping.record(lane('done', 0), { kind: 'finished' });
  await mapping.record(lane('done', 1), { kind: 'finished' });
  await mapping.recordStart(['new'], 1_000);
  await mapping.record(lane('new', 0), after('3'));

  const again = (await open()).forMapping('A', streamArn, 3);
  expect([0, 1, 2].map((number) => again.read(lane('both', number)))).toEqual(Array(3).fill(after('99')));
  expect(again.read(lane('ahead', 2))).toEqual(after('7'));
  expect(again.read(lane('half', 0))).toBeUndefined();
  expect(again.isFinished('done')).toBe(true);
  expect(again.read(lane('new', 0))).toEqual({ kind: 'since', epochSeconds: 1_000 });
});

test('forgotten shards are removed from the file', async () => {
  const mapping = (await open()).forMapping('A', streamArn, 1);
  await mapping.record(lane('s1'), after('1'));
  await mapping.record(lane('s2'), after('2'));
  await mapping.forget(['s1']);
  expect((await open()).forMapping('A', streamArn, 1).shardIds).toEqual(['s2']);
});

test.each([
  ['that is truncated', '{"version":1,"mappi'],
  ['that is empty', ''],
  ['of another version', '{"version":2,"mappings":{}}'],
  ['without mappings', '{"version":1}'],
  [
    'with an unknown kind of position',
    '{"version":1,"mappings":{"A":{"streamArn":"a","laneCount":1,"shards":{"s":{"0":{"kind":"x"}}}}}}',
  ],
])('a file %s is set aside with a warning', async (_, text) => {
  await writeFile(path.join(folder, 'stream-checkpoints.json'), text);
  const mapping = (await open()).forMapping('A', streamArn, 1);
  expect(mapping.isEmpty).toBe(true);
  expect(logged).toEqual([expect.stringContaining('stream-checkpoints.corrupt.json')]);
  expect(await readFile(path.join(folder, 'stream-checkpoints.corrupt.json'), 'utf8')).toBe(text);
  await mapping.record(lane('s1'), after('1'));
  expect((await open()).forMapping('A', streamArn, 1).read(lane('s1'))).toEqual(after('1'));
});

test('an unwritable folder is reported once and does not stop the mapping', async () => {
  const mapping = (await open()).forMapping('A', streamArn, 1);
  await rm(folder, { recursive: true });
  await mapping.record(lane('s1'), after('1'));
  await mapping.record(lane('s1'), after('2'));
  expect(logged).toEqual([expect.stringContaining('could not be written')]);
  await (await open()).forMapping('A', streamArn, 1).record(lane('s1'), after('3'));
});

test.each<[string, string, number]>([
  ['9', '10', -1],
  ['10', '9', 1],
  ['300000000000000499659', '300000000000000499660', -1],
  ['7', '7', 0],
])('sequence number %s compared with %s gives %d', (left, right, sign) => {
  expect(Math.sign(compareSequenceNumbers(left, right))).toBe(sign);
});
