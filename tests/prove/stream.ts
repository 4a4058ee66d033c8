import type { Item } from '../support/expressions';
import type { Caller } from './schedule';
import { countOf } from './tables';

/** A record of the simulated stream, and what is true of it. */
export interface Entry {
  /** As Lambda hands it over. */
  record: unknown;
  /** Its place among all records of the history; stands for no text that the judged code compares. */
  order: number;
  sequence: string;
  tag: string;
  count: number;
  before: number;
  day: string;
  /** Whether it tells a count: a record without images does not. */
  readable: boolean;
  /** It left the stream without having been handed over and answered for. */
  lost: boolean;
}

/** Part of a shard that is read one batch at a time: all of it, or a tenth of its keys. */
export interface Lane {
  queue: Entry[];
  reader: Caller | undefined;
  /** A batch that failed comes again in halves: this many records at most. */
  bisectedTo: number;
  parents: Lane[];
}

interface Shard {
  from: number;
  to: number;
  lanes: Lane[];
}

const hashRange = 1_000;

/** A stream of shards that split; a child is read after its parent. */
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

  /** Puts a write into the stream. @param shape what the record says, less its place */
  append(
    change: { tag: string; before: Item | undefined; after: Item | undefined },
    timeMs: number,
    stripped: boolean,
  ): Entry {
    const { tag, before, after } = change;
    const eventName = after === undefined ? 'REMOVE' : before === undefined ? 'INSERT' : 'MODIFY';
    const images = stripped ? {} : { ...(before && { OldImage: before }), ...(after && { NewImage: after }) };
    // A REMOVE without images still says that the tag is gone.
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
      // Nobody knows what a foreign Count stood for: the tag begins here.
      before: Number.isNaN(countBefore) ? count : countBefore,
      day: new Date(timeMs).toISOString().slice(0, 10),
      readable,
      lost: false,
    };
    this.push(entry);
    return entry;
  }

  /** Puts something into the stream that is no reading of a tag. */
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

  /** Splits the open shard at the place of a tag into two. */
  split(index: number): void {
    const shard = this.shards[index % this.shards.length];
    if (!shard || shard.to - shard.from < 2) return;
    this.shards = this.shards.filter((other) => other !== shard);
    const middle = Math.floor((shard.from + shard.to) / 2);
    this.open(shard.from, middle, shard.lanes);
    this.open(middle, shard.to, shard.lanes);
  }

  /** The stream is switched off and on: what was unread is gone, and sequence numbers begin again. */
  remake(): boolean {
    if (this.label === 8) return false;
    for (const lane of this.lanes) this.lose(lane);
    this.lanes.length = 0;
    this.shards = [];
    this.label += 1;
    this.nextSequence = this.firstSequence;
    this.open(0, hashRange, []);
    return true;
  }

  /** Records leave the stream unread; those of a batch that is being read have been read. */
  lose(lane: Lane): number {
    for (const entry of lane.queue) entry.lost = true;
    return lane.queue.splice(0).length;
  }

  /** The lanes that Lambda would now read. */
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
