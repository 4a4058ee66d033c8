import { CreateTableCommand, DynamoDBClient, type KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { startEngine } from '../../local/engine/engine';
import type { TotalsTables } from '../../src/ledger/totalsStore';

/** A client of a real engine in memory, as the template's tables would be there. */
export interface EngineTables {
  client: DynamoDBClient;
  endpoint: string;
  /**
   * Makes the three tables, empty, under names of their own. @param streamed whether the counts have their stream,
   * by which each write takes the engine longer
   */
  createTables(streamed?: boolean): Promise<TotalsTables>;
  stop(): Promise<void>;
}

export const localAccess = {
  region: 'eu-west-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

let made = 0;

export async function startEngineTables(): Promise<EngineTables> {
  const engine = await startEngine();
  const client = new DynamoDBClient({ endpoint: engine.endpoint, ...localAccess });
  const create = async (name: string, streamed: boolean, ...keys: string[]) => {
    const KeySchema = keys.map((key, index): KeySchemaElement => ({
      AttributeName: key,
      KeyType: index === 0 ? 'HASH' : 'RANGE',
    }));
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema,
        AttributeDefinitions: keys.map((key) => ({ AttributeName: key, AttributeType: 'S' })),
        ...(streamed && {
          StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
        }),
      }),
    );
    return name;
  };
  return {
    client,
    endpoint: engine.endpoint,
    async createTables(streamed = true) {
      made += 1;
      return {
        counts: await create(`counts${made}`, streamed, 'ID'),
        totals: await create(`totals${made}`, false, 'ID'),
        days: await create(`days${made}`, false, 'ID', 'Day'),
      };
    },
    async stop() {
      client.destroy();
      await engine.stop();
    },
  };
}
