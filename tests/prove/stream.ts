import type { Item } from '../support/expressions';
import type { Caller } from './schedule';
import { countOf } from './tables';

/** A record of the simulated stream, and facts for the checks. */
export interface Entry {
  /** The record as Lambda delivers it. */
  record: unknown;
  /** Its position among all records of the history. The code under test cannot see it. */
  order: number;
  sequence: string;
  tag: string;
  count: number;
  before: number;
  day: string;
  /** Whether the record is a reading: it contains a count, or it is a REMOVE. */
  readable: boolean;
  /** Whether it left the stream before an invocation applied it. */
  lost: boolean;
}

/** The part of a shard that is read one batch at a time: the whole shard, or one of its parallel batches. */
export interface Lane {
  queue: Entry[];
  reader: Caller | undefined;
  /** The size limit of the next batch, after a failed batch was bisected. */
  bisectedTo: number;
  parents: Lane[];
}

interface Shard {
  from: number;
  to: number;
  lanes: Lane[];
}

const hashRange = 1_000;

/** A stream of shards that can split. A child shard is read after its parent. */
export class SimulatedStream {
  readonly lanes: Lane[] = [];
  private shards: Shard[] = [];
  private label = 0;
  private nextSequence: bigint;
  private nextOrder = 0;

  constructor(
    private readonly firstSequence: bigint,
    private readonly parallelization: number,
  ) {
    this.nextSequence = firstSequence;
    this.open(0, hashRange, []);
  }

  /** Appends the record of a write. @param stripped whether the record has no images */
  append(
    change: { tag: string; before: Item | undefined; after: Item | undefined },
    timeMs: number,
    stripped: boolean,
  ): Entry {
    const { tag, before, after } = change;
    const eventName = after === undefined ? 'REMOVE' : before === undefined ? 'INSERT' : 'MODIFY';
    const images = stripped ? {} : { ...(before && { OldImage: before }), ...(after && { NewImage: after }) };
    // A REMOVE without images still means that the tag is deleted.
    const readable = eventName === 'REMOVE' || (!stripped && !Number.isNaN(countOf(after)));
    const count = countOf(after);
    const countBefore = stripped ? 0 : countOf(before);
    const sequence = this.takeSequence();
    const entry: Entry = {
      record: {
        eventID: sequence,
        eventName,
        eventSourceARN: `arn:aws:dynamodb:eu-west-1:1:table/counts/stream/2026-01-0${1 + this.label}T00:00:00.000`,
        dynamodb: {
          Keys: { ID: { S: tag } },
          SequenceNumber: sequence,
          ApproximateCreationDateTime: Math.floor(timeMs / 1_000),
          ...images,
        },
      },
      order: this.nextOrder++,
      sequence,
      tag,
      count,
      // The meaning of a malformed Count is unknown, so the tag begins here.
      before: Number.isNaN(countBefore) ? count : countBefore,
      day: new Date(timeMs).toISOString().slice(0, 10),
      readable,
      lost: false,
    };
    this.push(entry);
    return entry;
  }

  /** Appends a record that is not a reading of a tag. */
  appendForeign(record: unknown): void {
    const [sequence, order] = [this.takeSequence(), this.nextOrder++];
    this.push({
      record,
      order,
      sequence,
      tag: '',
      count: 0,
      before: 0,
      day: '',
      readable: false,
      lost: false,
    });
  }

  /** Splits an open shard in two. */
  split(index: number): void {
    const shard = this.shards[index % this.shards.length];
    if (!shard || shard.to - shard.from < 2) return;
    this.shards = this.shards.filter((other) => other !== shard);
    const middle = Math.floor((shard.from + shard.to) / 2);
    this.open(shard.from, middle, shard.lanes);
    this.open(middle, shard.to, shard.lanes);
  }

  /** Disables and enables the stream: unread records are lost, and sequence numbers restart. */
  recreate(): boolean {
    if (this.label === 8) return false;
    for (const lane of this.lanes) this.lose(lane);
    this.lanes.length = 0;
    this.shards = [];
    this.label += 1;
    this.nextSequence = this.firstSequence;
    this.open(0, hashRange, []);
    return true;
  }

  /** Drops the unread records of a lane. Records of a running invocation count as read. */
  lose(lane: Lane): number {
    for (const entry of lane.queue) entry.lost = true;
    return lane.queue.splice(0).length;
  }

  /** The lanes that Lambda would read now. */
  readableLanes(): Lane[] {
    return this.lanes.filter(
      (lane) => lane.queue.length > 0 && !lane.reader && lane.parents.every(isDrained),
    );
  }

  private open(from: number, to: number, parents: Lane[]): void {
    const lanes = Array.from({ length: this.parallelization }, () => ({
      queue: [],
      reader: undefined,
      bisectedTo: Infinity,
      parents,
    }));
    this.shards.push({ from, to, lanes });
    this.lanes.push(...lanes);
  }

  private takeSequence(): string {
    const sequence = this.nextSequence.toString();
    this.nextSequence += 1n;
    return sequence;
  }

  private push(entry: Entry): void {
    const hash = hashOf(entry.tag);
    const shard = this.shards.find(({ from, to }) => hash >= from && hash < to);
    shard?.lanes[hash % shard.lanes.length]?.queue.push(entry);
  }
}

function isDrained(lane: Lane): boolean {
  return lane.queue.length === 0 && !lane.reader && lane.parents.every(isDrained);
}

function hashOf(tag: string): number {
  let hash = 7;
  for (let index = 0; index < tag.length; index += 1) hash = (hash * 31 + tag.charCodeAt(index)) % 999_983;
  return hash % hashRange;
}
