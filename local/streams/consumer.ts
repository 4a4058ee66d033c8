import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { InvocationResult } from './batch';
import type { Checkpoints, LaneKey, MappingCheckpoints } from './checkpoints';
import { systemClock, type Clock } from './clock';
import { EngineStream } from './engineStream';
import type { FailureMessage } from './failureMessage';
import { compileFilters } from './filters';
import { Lane } from './lane';
import type { EventSourceMapping } from './mapping';
import { EndlessRetry, StoppedError } from './endlessRetry';
import type { StreamRecord } from './record';
import { ShardReader } from './shardReader';
import { describeShards, selectReadableShards, type ShardState } from './shards';

export interface StreamConsumerOptions {
  mapping: EventSourceMapping;
  streams: DynamoDBStreamsClient;
  /** Calls the function. The caller limits how long that takes, as `stop` waits for it. */
  invoke: (event: { Records: StreamRecord[] }) => Promise<InvocationResult>;
  checkpoints: Checkpoints;
  sendToDestination: (destinationId: string, message: FailureMessage) => Promise<void>;
  log: (message: string) => void;
  clock?: Clock;
}

export interface StreamConsumer {
  /** Resolves once the running invocation has ended, its checkpoint is written, and all timers are cleared. */
  stop(): Promise<void>;
}

/** The end of a shard starts a discovery at once. This interval finds all other new shards; they split every few hours. */
const discoveryIntervalMs = 10_000;

/**
 * Works as Lambda's event source mapping for one function: reads the stream's shards and calls the function with their
 * records until it is stopped. It retries for ever while the stream cannot be reached.
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
  readonly #retry: EndlessRetry;
  readonly #checkpoints: MappingCheckpoints;
  readonly #isWanted: (record: StreamRecord) => boolean;
  /** Shards that are being read. */
  readonly #running = new Map<string, Promise<void>>();
  /** Shards to read from LATEST, which is right only at the start. */
  #startingNow = new Set<string>();
  #missing = new Set<string>();
  #nap = new AbortController();

  constructor(private readonly options: StreamConsumerOptions) {
    const { mapping, checkpoints, log, clock = systemClock } = options;
    this.#clock = clock;
    this.#isWanted = compileFilters(mapping.filters);
    this.#retry = new EndlessRetry(
      `The stream of ${mapping.functionName}`,
      clock,
      this.#stopping.signal,
      log,
    );
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
    const shards = await this.#retry.run(() => describeShards(streams, mapping.streamArn, signal));
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

  /** Forgets the checkpoints of shards that are missing twice in a row: a single answer may be incomplete. */
  async #forgetMissing(described: ReadonlySet<string>): Promise<void> {
    const missing = this.#checkpoints.shardIds.filter((id) => !described.has(id) && !this.#running.has(id));
    await this.#checkpoints.forget(missing.filter((id) => this.#missing.has(id)));
    this.#missing = new Set(missing);
  }

  /** Never rejects: after an unexpected error, the next discovery reads the shard from its checkpoint again. */
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
    // Its children can be read now.
    if (isFinished) this.#nap.abort();
  }

  async #readLane(key: LaneKey, beginsNow: boolean): Promise<void> {
    const { mapping, streams, invoke, sendToDestination, log } = this.options;
    const { signal } = this.#stopping;
    const position = this.#checkpoints.read(key);
    if (position?.kind === 'finished') return;
    const reader = new ShardReader({
      streams,
      stream: new EngineStream(mapping),
      shardId: key.shardId,
      position,
      beginsNow,
      retry: this.#retry,
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
