import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startEngineProxy } from './engineProxy';

/** Capacity units as DynamoDB charges for them, and the calls that consumed them. */
export interface Units {
  write: number;
  read: number;
  calls: number;
}

/** The part of an answer that `ReturnConsumedCapacity` adds: an object, or a list in answers about many items. */
interface Answer {
  ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
}

const askForUnits = { ReturnConsumedCapacity: 'TOTAL' };

/** Adds up the capacity that calls consume. */
export class UnitCounter {
  private used: Units = { write: 0, read: 0, calls: 0 };

  /** @param operation such as `UpdateItem` */
  add(operation: string, { ConsumedCapacity: consumed = [] }: Answer): void {
    const units = [consumed].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
    this.used.calls += 1;
    if (/^(Update|Put|Delete|BatchWrite|TransactWrite)/.test(operation)) this.used.write += units;
    else this.used.read += units;
  }

  /** @returns the units since the previous call of `take` */
  take(): Units {
    const taken = this.used;
    this.used = { write: 0, read: 0, calls: 0 };
    return taken;
  }
}

/** Counts the units of every call that a client makes from now on. */
export function countUnits(client: DynamoDBClient): UnitCounter {
  const counter = new UnitCounter();
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        Object.assign(args.input, askForUnits);
        const result = await next(args);
        counter.add(String(commandName), result.output as Answer);
        return result;
      },
    { step: 'initialize' },
  );
  return counter;
}

/** Counts the units of every call that goes through a proxy of the engine. */
export async function startMeter(
  engineEndpoint: string,
): Promise<{ endpoint: string; counter: UnitCounter }> {
  const counter = new UnitCounter();
  const endpoint = await startEngineProxy(engineEndpoint, async (operation, input, forward) => {
    const answer = await forward({ ...input, ...askForUnits });
    counter.add(operation, JSON.parse(answer.body) as Answer);
    return answer;
  });
  return { endpoint, counter };
}
