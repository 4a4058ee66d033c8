import { type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { serve } from '../../tests/support/serve';

/** A server in front of the engine that lets each key have so many write units a second, and no more. */
export interface Limiter {
  endpoint: string;
  /** How often a write of an item was sent, attempts that were refused included. */
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

/** As DynamoDB words it of tables on demand: https://github.com/scanamo/scanamo/issues/589 has one from AWS. */
const message =
  'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index ' +
  'so please try again shortly. If exceptions persist, check if you have a hot key.';

/**
 * DynamoDB's limit of a partition, which an item cannot leave: 1,000 write units a second, and at most one second's worth
 * unused to be made up for. Each key counts as a partition of its own, as a hot one comes to be by itself. A table on demand
 * answers `ThrottlingException` with status 400 and the reason `TableWriteKeyRangeThroughputExceeded`; in a transaction,
 * whose items take two units each, it is a cancellation with `ThrottlingError`.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/throttling-key-range-limit-exceeded-mitigation.html
 */
export async function startLimiter(engineEndpoint: string, unitsPerSecond: number): Promise<Limiter> {
  const buckets = new Map<string, { units: number; at: number }>();
  const attempts = new Map<string, number>();

  /** Takes nothing unless all of it is there. @returns whether each write had room */
  function takeUnits(writes: Write[], unitsEach: number): boolean[] {
    const now = performance.now();
    const room = writes.map((write) => {
      const bucket = buckets.get(keyOf(write)) ?? { units: unitsPerSecond, at: now };
      const units = Math.min(unitsPerSecond, bucket.units + ((now - bucket.at) / 1_000) * unitsPerSecond);
      buckets.set(keyOf(write), { units, at: now });
      return units >= unitsEach;
    });
    if (room.every(Boolean)) {
      for (const write of writes) {
        const bucket = buckets.get(keyOf(write));
        if (bucket) bucket.units -= unitsEach;
      }
    }
    return room;
  }

  function refuse(operation: string, request: Request): Record<string, unknown> | undefined {
    if (operation === 'TransactWriteItems') {
      const writes = (request.TransactItems ?? []).flatMap((item) => Object.values(item));
      const room = takeUnits(writes, 2);
      if (room.every(Boolean)) return undefined;
      const CancellationReasons = room.map((has) => (has ? { Code: 'None' } : { Code: 'ThrottlingError' }));
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

  async function answer(incoming: IncomingMessage): Promise<{ status: number; body: string | Buffer }> {
    const body = await buffer(incoming);
    const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
    const refusal = refuse(operation, JSON.parse(body.toString() || '{}') as Request);
    if (refusal) return { status: 400, body: JSON.stringify(refusal) };
    const passedOn = Object.entries(incoming.headers).filter(([name]) =>
      /^(x-amz|authorization|content-type)/.test(name),
    );
    const headers = Object.fromEntries(passedOn) as Record<string, string>;
    const forwarded = await fetch(engineEndpoint, { method: 'POST', headers, body });
    return { status: forwarded.status, body: Buffer.from(await forwarded.arrayBuffer()) };
  }

  const port = await serve((incoming, response) => {
    answer(incoming).then(
      ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
      },
      () => response.destroy(),
    );
  });
  return { endpoint: `http://127.0.0.1:${port}`, attempts };
}

function keyOf({ TableName, Key, Item }: Write): string {
  return `${TableName} ${Key?.ID?.S ?? Item?.ID?.S ?? ''}`;
}
