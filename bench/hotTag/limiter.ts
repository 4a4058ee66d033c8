import { startEngineProxy } from '../engineProxy';

/** A proxy of the engine that limits the write units of each key. */
export interface Limiter {
  endpoint: string;
  /** The number of `UpdateItem` calls by tag, throttled ones included. */
  attempts: Map<string, number>;
}

interface Write {
  TableName: string;
  Key?: { ID?: { S?: string } };
  Item?: { ID?: { S?: string } };
}

interface Request extends Partial<Write> {
  TransactItems?: Partial<Record<'Update' | 'Put' | 'Delete' | 'ConditionCheck', Write>>[];
}

/** DynamoDB's message for on-demand tables. https://github.com/scanamo/scanamo/issues/589 quotes one from AWS. */
const message =
  'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index ' +
  'so please try again shortly. If exceptions persist, check if you have a hot key.';

/**
 * Imitates DynamoDB's limit of a partition, which no item can exceed: 1,000 write units a second, and at most one second's
 * unused units to spend later. Each key is a partition of its own, as a hot key becomes one on DynamoDB. An on-demand table
 * answers `ThrottlingException` with status 400 and the reason `TableWriteKeyRangeThroughputExceeded`. A transaction, whose
 * items take two units each, is cancelled with `ThrottlingError`.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/throttling-key-range-limit-exceeded-mitigation.html
 */
export async function startLimiter(engineEndpoint: string, unitsPerSecond: number): Promise<Limiter> {
  const buckets = new Map<string, { units: number; atMs: number }>();
  const attempts = new Map<string, number>();

  function refillBucket(write: Write): { units: number; atMs: number } {
    const nowMs = performance.now();
    const { units, atMs } = buckets.get(keyOf(write)) ?? { units: unitsPerSecond, atMs: nowMs };
    const refilled = units + ((nowMs - atMs) / 1_000) * unitsPerSecond;
    const bucket = { units: Math.min(unitsPerSecond, refilled), atMs: nowMs };
    buckets.set(keyOf(write), bucket);
    return bucket;
  }

  /** Takes the units of all writes or of none. @returns whether each key had enough */
  function takeUnits(writes: Write[], unitsEach: number): boolean[] {
    const refilled = writes.map(refillBucket);
    const hasEnough = refilled.map(({ units }) => units >= unitsEach);
    if (hasEnough.every(Boolean)) for (const bucket of refilled) bucket.units -= unitsEach;
    return hasEnough;
  }

  /** @returns the error of a throttled call */
  function throttle(operation: string, request: Request): object | undefined {
    if (operation === 'TransactWriteItems') {
      const writes = (request.TransactItems ?? []).flatMap((item) => Object.values(item));
      const hasEnough = takeUnits(writes, 2);
      if (hasEnough.every(Boolean)) return undefined;
      const CancellationReasons = hasEnough.map((has) => ({ Code: has ? 'None' : 'ThrottlingError' }));
      return { __type: 'TransactionCanceledException', message, CancellationReasons };
    }
    if (operation !== 'UpdateItem') return undefined;
    const write = request as Write;
    const id = write.Key?.ID?.S ?? '';
    attempts.set(id, (attempts.get(id) ?? 0) + 1);
    if (takeUnits([write], 1).every(Boolean)) return undefined;
    const ThrottlingReasons = [{ reason: 'TableWriteKeyRangeThroughputExceeded', resource: write.TableName }];
    return { __type: 'com.amazon.coral.availability#ThrottlingException', message, ThrottlingReasons };
  }

  const endpoint = await startEngineProxy(engineEndpoint, async (operation, input, forward) => {
    const error = throttle(operation, input);
    return error ? { status: 400, body: JSON.stringify(error) } : forward(input);
  });
  return { endpoint, attempts };
}

function keyOf({ TableName, Key, Item }: Write): string {
  return `${TableName} ${Key?.ID?.S ?? Item?.ID?.S ?? ''}`;
}
