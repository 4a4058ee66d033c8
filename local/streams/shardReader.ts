import {
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  TrimmedDataAccessException,
  type _Record,
  type DynamoDBStreamsClient,
} from '@aws-sdk/client-dynamodb-streams';
import type { Position } from './checkpoints';
import type { EngineStream } from './engineStream';
import type { EndlessRetry } from './endlessRetry';
import { changesItem, toStreamRecord, type StreamRecord } from './record';
import { describeShards } from './shards';

export interface ShardPage {
  records: StreamRecord[];
  /** The last number that was read. Records that were filtered out count too. */
  lastSequenceNumber: string | undefined;
  /** The next page can be read at once. */
  hasMore: boolean;
  /** The shard has ended and this was its last page. */
  isLast: boolean;
}

export interface ShardReaderOptions {
  streams: DynamoDBStreamsClient;
  stream: EngineStream;
  shardId: string;
  /** Where to begin; by default at the oldest record. */
  position: Position | undefined;
  /** Begin at the newest record when the position is a time. That is exact only when the time is now. */
  beginsNow: boolean;
  retry: EndlessRetry;
  signal: AbortSignal;
  log: (message: string) => void;
}

const pageRecords = 1_000;
/** GetRecords ends a page at 1 MB, too. Sizes are approximate, so half of it counts as a full page. */
const fullPageBytes = 500_000;

/** Reads one shard page by page, and gets a new iterator whenever the old one fails. */
export class ShardReader {
  #iterator: string | undefined;
  #position: Position | undefined;
  #beginsNow: boolean;
  /** Older records are not for this mapping. Only an iterator from the shard's beginning returns them. */
  #skipBeforeSeconds = 0;

  constructor(private readonly options: ShardReaderOptions) {
    this.#position = options.position;
    this.#beginsNow = options.beginsNow;
  }

  /** The next page, which may be empty. @throws StoppedError */
  async read(): Promise<ShardPage> {
    const { stream, shardId, retry } = this.options;
    const page = await retry.run(() => this.#readOnce());
    const { isLast } = page;
    const records = page.records.map((record) => stream.translate(record, shardId));
    const last = records.at(-1)?.dynamodb?.SequenceNumber;
    const skipBeforeSeconds = this.#skipBeforeSeconds;
    if (last !== undefined) this.#position = { kind: 'after', sequenceNumber: last };

    const bytes = records.reduce((sum, { dynamodb }) => sum + (dynamodb?.SizeBytes ?? 0), 0);
    return {
      records: records
        .map((record) => toStreamRecord(record, stream.eventSourceArn))
        .filter(changesItem)
        .filter(({ dynamodb }) => dynamodb.ApproximateCreationDateTime >= skipBeforeSeconds),
      lastSequenceNumber: last,
      hasMore: !isLast && (records.length >= pageRecords || bytes >= fullPageBytes),
      isLast,
    };
  }

  async #readOnce(): Promise<{ records: _Record[]; isLast: boolean }> {
    const { streams, signal } = this.options;
    try {
      this.#iterator ??= await this.#getIterator();
      const { Records: records = [], NextShardIterator: next } = await streams.send(
        new GetRecordsCommand({ ShardIterator: this.#iterator, Limit: pageRecords }),
        { abortSignal: signal },
      );
      this.#iterator = next;
      return { records, isLast: next === undefined };
    } catch (error) {
      // Iterators may not survive a restart of the engine, so after any error a new one begins at the position.
      this.#iterator = undefined;
      if (error instanceof ExpiredIteratorException) return { records: [], isLast: false };
      if (error instanceof TrimmedDataAccessException) return this.#skipTrimmed(error);
      if (error instanceof ResourceNotFoundException && !(await this.#isDescribed())) {
        this.#logLoss('was removed before it was wholly read');
        return { records: [], isLast: true };
      }
      throw error;
    }
  }

  async #getIterator(): Promise<string> {
    const { streams, stream, shardId, signal } = this.options;
    const { ShardIterator: iterator } = await streams.send(
      new GetShardIteratorCommand({
        StreamArn: stream.arn,
        ShardId: shardId,
        ...(this.#position?.kind === 'after'
          ? {
              ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
              SequenceNumber: stream.toEngineNumber(this.#position.sequenceNumber),
            }
          : { ShardIteratorType: this.#beginsNow ? 'LATEST' : 'TRIM_HORIZON' }),
      }),
      { abortSignal: signal },
    );
    if (iterator === undefined) throw new Error(`No iterator was given for shard ${shardId}.`);
    this.#skipBeforeSeconds =
      this.#position?.kind === 'since' && !this.#beginsNow ? this.#position.epochSeconds : 0;
    // If this iterator is lost, LATEST would mean a later record by then.
    this.#beginsNow = false;
    return iterator;
  }

  #skipTrimmed(error: TrimmedDataAccessException): { records: _Record[]; isLast: boolean } {
    // The oldest record was trimmed while the iterator pointed at it; a new iterator begins at the oldest one left.
    if (this.#position?.kind !== 'after') return { records: [], isLast: false };
    this.#logLoss(`is trimmed beyond the last checkpoint (${error.message}); going on at its oldest record`);
    this.#position = undefined;
    return { records: [], isLast: false };
  }

  async #isDescribed(): Promise<boolean> {
    const { streams, stream, shardId, signal } = this.options;
    const shards = await describeShards(streams, stream.arn, signal);
    return shards.some((shard) => shard.shardId === shardId);
  }

  #logLoss(what: string): void {
    this.options.log(`Records were lost: shard ${this.options.shardId} ${what}.`);
  }
}
