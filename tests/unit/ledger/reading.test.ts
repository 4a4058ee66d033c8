import { ForeignRecordError, isCounterRecord, isLater, parseReading } from '../../../src/ledger/reading';

const image = (count: number) => ({ ID: { S: 'a' }, Count: { N: `${count}` } });
const record = (eventName: string, change: object) => ({
  eventName,
  eventSourceARN: 'arn:aws:dynamodb:eu-west-1:1:table/counts/stream/2026-01-01T00:00:00.000',
  dynamodb: {
    Keys: { ID: { S: 'a' } },
    SequenceNumber: '100000000000000000001',
    ApproximateCreationDateTime: Date.UTC(2026, 0, 1, 23, 59, 59) / 1_000,
    ...change,
  },
});

it.each([
  ['an INSERT', record('INSERT', { NewImage: image(1) }), { count: 1, before: 0 }],
  ['a MODIFY', record('MODIFY', { NewImage: image(2), OldImage: image(1) }), { count: 2, before: 1 }],
  ['a MODIFY without the old image', record('MODIFY', { NewImage: image(2) }), { count: 2, before: 2 }],
  ['a REMOVE', record('REMOVE', { OldImage: image(4) }), { count: 0, before: 4 }],
  ['a REMOVE without images', record('REMOVE', {}), { count: 0, before: 0 }],
  ['an item without a Count', record('INSERT', { NewImage: { ID: { S: 'a' } } }), { count: 0, before: 0 }],
])('reads %s', (_name, given, expected) => {
  expect(parseReading(given)).toEqual({
    tag: 'a',
    day: '2026-01-01',
    position: { stream: '2026-01-01T00:00:00.000', sequence: '100000000000000000001' },
    ...expected,
  });
});

it.each([
  ['a missing record', undefined],
  ['a record without a key', record('INSERT', { Keys: {}, NewImage: image(1) })],
  ['a record without a sequence number', record('INSERT', { SequenceNumber: undefined, NewImage: image(1) })],
  ['a sequence number of letters', record('INSERT', { SequenceNumber: 'abc', NewImage: image(1) })],
  [
    'a record without a time',
    record('INSERT', { ApproximateCreationDateTime: undefined, NewImage: image(1) }),
  ],
  [
    'a time beyond the range of dates',
    record('INSERT', { ApproximateCreationDateTime: 1e18, NewImage: image(1) }),
  ],
  ['an INSERT without an image', record('INSERT', {})],
  ['an unknown event name', record('TRUNCATE', { NewImage: image(1) })],
  ['a Count of text', record('INSERT', { NewImage: { ID: { S: 'a' }, Count: { S: '1' } } })],
  ['a Count with a fraction', record('INSERT', { NewImage: image(1.5) })],
  ['a Count too large to add up', record('INSERT', { NewImage: image(2 ** 53) })],
])('rejects %s as foreign', (_name, given) => {
  expect(() => parseReading(given)).toThrow(ForeignRecordError);
});

it("recognizes the total's own records", () => {
  expect(isCounterRecord(record('MODIFY', { Keys: { ID: { S: 'COUNTER' } } }))).toBe(true);
  expect(isCounterRecord(record('MODIFY', {}))).toBe(false);
});

it.each([
  ['10', '9', true],
  ['9', '10', false],
  ['9', '9', false],
  ['100000000000000000002', '100000000000000000001', true],
  ['1000000000000000000000', '999999999999999999999', true],
])('compares the sequence number %s with %s: %s', (one, other, expected) => {
  expect(isLater({ stream: '', sequence: one }, { stream: '', sequence: other })).toBe(expected);
});

it('orders every record of a new stream after those of the old one', () => {
  const [old, fresh] = [
    { stream: '2026-01-01T00:00:00.000', sequence: '99' },
    { stream: '2026-01-02T00:00:00.000', sequence: '1' },
  ];
  expect(isLater(fresh, old)).toBe(true);
  expect(isLater(old, fresh)).toBe(false);
});
