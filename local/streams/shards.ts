import { DescribeStreamCommand, type DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';

export interface ShardLineage {
  shardId: string;
  parentShardId?: string;
}

/**
 * All shards of a stream, from all pages. Their sequence number ranges are left out on purpose: dynoxide gives its one
 * open shard an ending number, so that number does not show whether a shard has ended.
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

/** The state of a shard, from its checkpoints and its running lanes. */
export type ShardState = 'waiting' | 'running' | 'finished';

/**
 * The shards that can be read now. Two writes of one item may be in a shard and in its child, so a child waits until its
 * parent is read completely. A parent that is no longer described was trimmed, so its child waits only while records
 * that were read from it are still being delivered.
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
