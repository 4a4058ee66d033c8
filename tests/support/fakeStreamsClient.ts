import {
  DescribeStreamCommand,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  TrimmedDataAccessException,
  type _Record,
  type DynamoDBStreamsClient,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';

interface FakeShard {
  parentShardId?: string;
  sequenceNumbers: string[];
  /** The number of oldest records that are trimmed. */
  trimmed: number;
  isClosed: boolean;
}

/** AWS's Streams API with shards that split, end and are trimmed, which no local engine provides. */
export class FakeStreamsClient {
  readonly shards = new Map<string, FakeShard>();
  readonly calls: string[] = [];
  /** While it is set, every call fails with this error. */
  outage: Error | undefined;
  #iteratorGeneration = 0;

  constructor(private readonly createdSeconds: number) {}

  addShard(shardId: string, parentShardId?: string): FakeShard {
    const shard: FakeShard = {
      ...(parentShardId !== undefined && { parentShardId }),
      sequenceNumbers: [],
      trimmed: 0,
      isClosed: false,
    };
    this.shards.set(shardId, shard);
    return shard;
  }

  expireIterators(): void {
    this.#iteratorGeneration++;
  }

  /** The part of the client that the consumer uses. */
  asClient(): DynamoDBStreamsClient {
    return { send: (command: unknown) => this.#send(command) } as unknown as DynamoDBStreamsClient;
  }

  async #send(command: unknown): Promise<unknown> {
    await Promise.resolve();
    this.calls.push((command as object).constructor.name);
    if (this.outage) throw this.outage;
    if (command instanceof DescribeStreamCommand) return this.#describe(command.input.ExclusiveStartShardId);
    if (command instanceof GetShardIteratorCommand) return this.#getIterator(command);
    if (command instanceof GetRecordsCommand) return this.#getRecords(command);
    throw new Error('The fake Streams API does not support this command.');
  }

  /** Returns two shards per page. */
  #describe(after: string | undefined) {
    const ids = [...this.shards.keys()];
    const start = after === undefined ? 0 : ids.indexOf(after) + 1;
    const page = ids.slice(start, start + 2);
    const Shards = page.map((ShardId): Shard => {
      const parent = this.shards.get(ShardId)?.parentShardId;
      // Open shards have an ending sequence number too, as in dynoxide.
      return {
        ShardId,
        SequenceNumberRange: { StartingSequenceNumber: '1', EndingSequenceNumber: '2' },
        ...(parent !== undefined && { ParentShardId: parent }),
      };
    });
    const hasMore = start + 2 < ids.length;
    return { StreamDescription: { Shards, ...(hasMore && { LastEvaluatedShardId: page.at(-1) }) } };
  }

  #getIterator({ input }: GetShardIteratorCommand) {
    const shard = this.#findShard(input.ShardId);
    let index = shard.trimmed;
    if (input.ShardIteratorType === 'LATEST') index = shard.sequenceNumbers.length;
    if (input.ShardIteratorType === 'AFTER_SEQUENCE_NUMBER') {
      index = shard.sequenceNumbers.indexOf(String(input.SequenceNumber)) + 1;
      if (index < shard.trimmed) throw new TrimmedDataAccessException({ message: 'trimmed', $metadata: {} });
    }
    return { ShardIterator: `${String(input.ShardId)}|${index}|${this.#iteratorGeneration}` };
  }

  #getRecords({ input }: GetRecordsCommand) {
    const [shardId = '', position, generation] = String(input.ShardIterator).split('|');
    const shard = this.#findShard(shardId);
    const index = Number(position);
    if (Number(generation) !== this.#iteratorGeneration)
      throw new ExpiredIteratorException({ message: 'expired', $metadata: {} });
    if (index < shard.trimmed) throw new TrimmedDataAccessException({ message: 'trimmed', $metadata: {} });
    const numbers = shard.sequenceNumbers.slice(index, index + (input.Limit ?? 1_000));
    const next = index + numbers.length;
    const isOver = shard.isClosed && next === shard.sequenceNumbers.length;
    return {
      Records: numbers.map((number) => this.#createRecord(number)),
      ...(!isOver && { NextShardIterator: `${shardId}|${next}|${this.#iteratorGeneration}` }),
    };
  }

  #findShard(shardId: string | undefined): FakeShard {
    const shard = this.shards.get(shardId ?? '');
    if (!shard) throw new ResourceNotFoundException({ message: 'no such shard', $metadata: {} });
    return shard;
  }

  #createRecord(sequenceNumber: string): _Record {
    return {
      eventID: sequenceNumber,
      eventName: 'INSERT',
      eventSource: 'aws:dynamodb',
      dynamodb: {
        ApproximateCreationDateTime: new Date(this.createdSeconds * 1_000),
        Keys: { ID: { S: `item ${sequenceNumber}` } },
        SequenceNumber: sequenceNumber,
        SizeBytes: 10,
      },
    };
  }
}
