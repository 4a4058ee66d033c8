import { type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { serve } from '../../tests/support/serve';

/** What DynamoDB would have charged for. */
export interface Units {
  write: number;
  read: number;
  calls: number;
}

export interface Meter {
  endpoint: string;
  /** What has been used since it was asked last. */
  take(): Units;
}

interface Capacity {
  CapacityUnits?: number;
}

interface Reply {
  ConsumedCapacity?: Capacity | Capacity[];
}

/**
 * A server in front of the engine that asks it what each call consumes and adds it up. The functions do not know of it,
 * so they are measured as they are deployed.
 */
export async function startMeter(engineEndpoint: string): Promise<Meter> {
  const none = (): Units => ({ write: 0, read: 0, calls: 0 });
  let used = none();
  const answer = async (request: IncomingMessage) => {
    const target = String(request.headers['x-amz-target']);
    const input = (await json(request)) as Record<string, unknown>;
    const reply = await fetch(engineEndpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': target,
        authorization: String(request.headers.authorization),
        'x-amz-date': String(request.headers['x-amz-date']),
      },
      body: JSON.stringify({ ...input, ReturnConsumedCapacity: 'TOTAL' }),
    });
    const text = await reply.text();
    const { ConsumedCapacity: consumed = [] } = JSON.parse(text) as Reply;
    const units = [consumed].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
    used.calls += 1;
    if (/\.(Update|Put|Delete|BatchWrite|TransactWrite)/.test(target)) used.write += units;
    else used.read += units;
    return { status: reply.status, text };
  };
  const port = await serve((request, response) => {
    answer(request).then(
      ({ status, text }) => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(text);
      },
      () => response.destroy(),
    );
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    take() {
      const taken = used;
      used = none();
      return taken;
    },
  };
}
