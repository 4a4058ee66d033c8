import { DescribeStreamCommand, type DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';

export interface ShardLineage {
  shardId: string;
  parentShardId?: string;
}

/**
 * All shards of a stream, over as many pages as it takes. Their sequence number ranges are left out on purpose: dynoxide
 * gives its one open shard an ending number, so that number says nothing about whether a shard has ended.
 */
export async function describeShards(
  streams: DynamoDBStreamsClient,
  streamArn: string,
  signal: AbortSignal,
): Promise<ShardLineage[]> {
  const shards: ShardLineage[] = [];
  let lastShardId: string | undefined;
  do {
    const { StreamDescription: page } = await streams.send(
      new DescribeStreamCommand({
        StreamArn: streamArn,
        ...(lastShardId !== undefined && { ExclusiveStartShardId: lastShardId }),
      }),
      { abortSignal: signal },
    );
    for (const { ShardId: shardId, ParentShardId: parentShardId } of page?.Shards ?? [])
      if (shardId !== undefined)
        shards.push({ shardId, ...(parentShardId !== undefined && { parentShardId }) });
    lastShardId = page?.LastEvaluatedShardId;
  } while (lastShardId !== undefined);
  return shards;
}

/** What the consumer knows of a shard, from its checkpoints and its running lanes. */
export type ShardState = 'waiting' | 'running' | 'finished';

/**
 * The shards whose reading may begin now. Two writes of one item may lie in a shard and in its child, so a child waits
 * until its parent is wholly read. A parent that is not described any more was trimmed: there is nothing to wait for,
 * except for what was read of it before.
 */
export function selectReadableShards(
  shards: readonly ShardLineage[],
  getState: (shardId: string) => ShardState,
): string[] {
  const described = new Set(shards.map(({ shardId }) => shardId));
  const isOver = (shardId: string) => {
    const state = getState(shardId);
    return state === 'finished' || (state === 'waiting' && !described.has(shardId));
  };
  return shards
    .filter(({ shardId, parentShardId }) => {
      const mayBegin = parentShardId === undefined || isOver(parentShardId);
      return mayBegin && getState(shardId) === 'waiting';
    })
    .map(({ shardId }) => shardId);
}
