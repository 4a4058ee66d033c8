import { CreateTableCommand, DynamoDBClient, type KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { startEngine } from '../../local/engine/engine';
import type { TotalsTables } from '../../src/ledger/totalsStore';

/** A real engine in memory that creates sets of tables with the template's keys. */
export interface EngineTables {
  client: DynamoDBClient;
  endpoint: string;
  /**
   * Creates three empty tables under unique names.
   * @param streamed whether the counts table has its stream, which slows down the engine's writes
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
