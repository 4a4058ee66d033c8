import { dayOf } from '../days/day';
import { BrokenItemError, readCount, type Item } from '../tables/attributes';
import { counterId } from '../tables/keys';

/** Where a record stands in the order of one tag's records. */
export interface Position {
  /** The stream's label, the time it was switched on: the sequence numbers of a new stream start again. */
  stream: string;
  /** 21 to 40 decimal digits, which fit no number; see `isLater`. */
  sequence: string;
}

/** What a stream record says: the odometer of a tag stood at `count` after this write. */
export interface Reading {
  tag: string;
  count: number;
  /** Where it stood before this write, as the record's own images say. */
  before: number;
  /** The UTC day of the record's own time, `YYYY-MM-DD`. */
  day: string;
  position: Position;
}

/** A record that is no reading of a tag. It is reported and passed over; the tag's next reading makes it good. */
export class ForeignRecordError extends Error {}

/** Whether a record tells of the grand total. The mapping's filter keeps these out; this is for when it does not. */
export function isCounterRecord(record: unknown): boolean {
  const keys = fieldOf(fieldOf(record, 'dynamodb'), 'Keys');
  return fieldOf(fieldOf(keys, 'ID'), 'S') === counterId;
}

/**
 * Takes one record of the counts table's stream, as Lambda hands it over.
 * @throws ForeignRecordError
 */
export function parseReading(record: unknown): Reading {
  const change = fieldOf(record, 'dynamodb');
  const tag = fieldOf(fieldOf(fieldOf(change, 'Keys'), 'ID'), 'S');
  if (typeof tag !== 'string') throw new ForeignRecordError('The record has no key ID of type S.');
  const sequence = fieldOf(change, 'SequenceNumber');
  if (typeof sequence !== 'string' || !/^\d+$/.test(sequence))
    throw new ForeignRecordError('The record has no sequence number.');
  const seconds = fieldOf(change, 'ApproximateCreationDateTime');
  if (typeof seconds !== 'number' || !(Math.abs(seconds) < maxSeconds))
    throw new ForeignRecordError('The record has no creation time.');

  const eventName = fieldOf(record, 'eventName');
  const [newImage, oldImage] = [fieldOf(change, 'NewImage'), fieldOf(change, 'OldImage')];
  const position = { stream: streamLabelOf(record), sequence };
  const day = dayOf(seconds * 1_000);
  switch (eventName) {
    case 'INSERT':
      return { tag, count: countIn(newImage), before: 0, day, position };
    case 'MODIFY': {
      const count = countIn(newImage);
      // Without an old image nobody knows what was there before; then the tag begins here.
      return { tag, count, before: countBefore(oldImage) ?? count, day, position };
    }
    case 'REMOVE':
      return { tag, count: 0, before: countBefore(oldImage) ?? 0, day, position };
    default:
      throw new ForeignRecordError('The record is no INSERT, MODIFY or REMOVE.');
  }
}

/** Whether one record of a tag was written after the other. As text, '10' would come before '9'. */
export function isLater(one: Position, other: Position): boolean {
  if (one.stream !== other.stream) return one.stream > other.stream;
  if (one.sequence.length !== other.sequence.length) return one.sequence.length > other.sequence.length;
  return one.sequence > other.sequence;
}

/**
 * The number in an image's `Count`; an item without one counts nothing.
 * @throws ForeignRecordError when it is not a whole number that a double holds exactly
 */
export function countIn(image: unknown): number {
  if (typeof image !== 'object' || image === null)
    throw new ForeignRecordError('The record has no image of the item.');
  try {
    return readCount(image as Item);
  } catch (error) {
    throw error instanceof BrokenItemError ? new ForeignRecordError(error.message) : error;
  }
}

/** What an old image says, if it is there and holds a count: what was there before is no reason to miss what is. */
function countBefore(oldImage: unknown): number | undefined {
  try {
    return oldImage === undefined ? undefined : countIn(oldImage);
  } catch (error) {
    if (error instanceof ForeignRecordError) return undefined;
    throw error;
  }
}

/** The last second that a Date takes with a year of four digits. */
const maxSeconds = 253_402_300_800;

function streamLabelOf(record: unknown): string {
  const arn = fieldOf(record, 'eventSourceARN');
  return typeof arn === 'string' ? (arn.split('/stream/')[1] ?? '') : '';
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Record<string, unknown>)[name];
}
