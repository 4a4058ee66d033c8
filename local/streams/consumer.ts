import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { InvocationResult } from './batch';
import type { Checkpoints, LaneKey, MappingCheckpoints } from './checkpoints';
import { systemClock, type Clock } from './clock';
import type { FailureMessage } from './failureMessage';
import { compileFilters } from './filters';
import { Lane } from './lane';
import type { EventSourceMapping } from './mapping';
import { Patience, StoppedError } from './patience';
import type { StreamRecord } from './record';
import { ShardReader } from './shardReader';
import { describeShards, selectReadableShards, type ShardState } from './shards';

export interface StreamConsumerOptions {
  mapping: EventSourceMapping;
  streams: DynamoDBStreamsClient;
  /** Calls the function. How long it may take is the caller's to say, for `stop` waits for it. */
  invoke: (event: { Records: StreamRecord[] }) => Promise<InvocationResult>;
  checkpoints: Checkpoints;
  sendToDestination: (destinationId: string, message: FailureMessage) => Promise<void>;
  log: (message: string) => void;
  clock?: Clock;
}

export interface StreamConsumer {
  /** Resolves once the running invocation has ended and its checkpoint is written. No timer is left behind. */
  stop(): Promise<void>;
}

/** Shards split every few hours, and the end of a shard is looked after at once; this finds what is left. */
const discoveryIntervalMs = 10_000;

/**
 * Does for one function what Lambda's event source mapping does: reads the stream's shards, and calls the function
 * with what they hold until it is stopped. A stream that cannot be reached is tried again for ever.
 * @throws FilterPatternError
 */
export function startStreamConsumer(options: StreamConsumerOptions): StreamConsumer {
  const consumer = new ShardConsumer(options);
  const running = consumer.run();
  return {
    async stop() {
      consumer.stop();
      await running;
    },
  };
}

class ShardConsumer {
  readonly #stopping = new AbortController();
  readonly #clock: Clock;
  readonly #patience: Patience;
  readonly #checkpoints: MappingCheckpoints;
  readonly #isWanted: (record: StreamRecord) => boolean;
  /** Shards that are being read. */
  readonly #running = new Map<string, Promise<void>>();
  /** Shards whose reading is to begin at LATEST, which serves only once. */
  #startingNow = new Set<string>();
  #missing = new Set<string>();
  #nap = new AbortController();

  constructor(private readonly options: StreamConsumerOptions) {
    const { mapping, checkpoints, log, clock = systemClock } = options;
    this.#clock = clock;
    this.#isWanted = compileFilters(mapping.filters);
    this.#patience = new Patience(`The stream of ${mapping.functionName}`, clock, this.#stopping.signal, log);
    this.#checkpoints = checkpoints.forMapping(mapping.id, mapping.streamArn, mapping.parallelizationFactor);
  }

  stop(): void {
    this.#stopping.abort();
    this.#nap.abort();
  }

  async run(): Promise<void> {
    try {
      while (!this.#stopping.signal.aborted) {
        this.#nap = new AbortController();
        await this.#discover();
        await this.#clock.sleep(discoveryIntervalMs, this.#nap.signal);
      }
    } catch (error) {
      if (!(error instanceof StoppedError)) throw error;
    } finally {
      await Promise.all(this.#running.values());
    }
  }

  async #discover(): Promise<void> {
    const { streams, mapping } = this.options;
    const { signal } = this.#stopping;
    const shards = await this.#patience.persist(() => describeShards(streams, mapping.streamArn, signal));
    const shardIds = shards.map(({ shardId }) => shardId);

    if (mapping.startingPosition === 'LATEST' && this.#checkpoints.isEmpty) {
      await this.#checkpoints.recordStart(shardIds, Math.floor(this.#clock.nowMs() / 1_000));
      this.#startingNow = new Set(shardIds);
    }
    await this.#forgetMissing(new Set(shardIds));
    for (const shardId of selectReadableShards(shards, (id) => this.#getState(id)))
      this.#running.set(shardId, this.#readShard(shardId));
  }

  #getState(shardId: string): ShardState {
    if (this.#running.has(shardId)) return 'running';
    return this.#checkpoints.isFinished(shardId) ? 'finished' : 'waiting';
  }

  /** Checkpoints go when two looks in a row found no shard for them: a single answer may be incomplete. */
  async #forgetMissing(described: ReadonlySet<string>): Promise<void> {
    const missing = this.#checkpoints.shardIds.filter((id) => !described.has(id) && !this.#running.has(id));
    await this.#checkpoints.forget(missing.filter((id) => this.#missing.has(id)));
    this.#missing = new Set(missing);
  }

  /** Never rejects: after an error nobody foresaw, the next look at the stream begins at the checkpoint again. */
  async #readShard(shardId: string): Promise<void> {
    const { parallelizationFactor, functionName } = this.options.mapping;
    const beginsNow = this.#startingNow.delete(shardId);
    const lanes = Array.from({ length: parallelizationFactor }, (_, lane) =>
      this.#readLane({ shardId, lane }, beginsNow),
    );
    let isFinished = true;
    for (const outcome of await Promise.allSettled(lanes)) {
      if (outcome.status === 'fulfilled') continue;
      isFinished = false;
      const reason: unknown = outcome.reason;
      if (!(reason instanceof StoppedError))
        this.options.log(`${functionName}: reading ${shardId} failed; trying again soon. ${String(reason)}`);
    }
    this.#running.delete(shardId);
    // Its children may begin now.
    if (isFinished) this.#nap.abort();
  }

  async #readLane(key: LaneKey, beginsNow: boolean): Promise<void> {
    const { mapping, streams, invoke, sendToDestination, log } = this.options;
    const { signal } = this.#stopping;
    const position = this.#checkpoints.read(key);
    if (position?.kind === 'finished') return;
    const reader = new ShardReader({
      streams,
      streamArn: mapping.streamArn,
      shardId: key.shardId,
      position,
      beginsNow,
      patience: this.#patience,
      signal,
      log,
    });
    await new Lane({
      mapping,
      key,
      reader,
      isWanted: this.#isWanted,
      invoke,
      checkpoints: this.#checkpoints,
      sendToDestination,
      clock: this.#clock,
      signal,
      log,
    }).run();
  }
}
