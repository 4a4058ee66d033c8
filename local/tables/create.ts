import {
  CreateTableCommand,
  DescribeTableCommand,
  ResourceNotFoundException,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  type AttributeDefinition,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type StreamSpecification,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { TableDefinition } from '../template/application';

/** Properties with the same form in CloudFormation and in CreateTable. */
const sharedProperties = [
  'KeySchema',
  'AttributeDefinitions',
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
];

const maxWaitSeconds = 60;

/**
 * Creates a table as the template declares it, or updates the existing one and keeps its data. Its name is its logical
 * id, as with `sam local`.
 */
export async function ensureTable(client: DynamoDBClient, table: TableDefinition): Promise<TableDescription> {
  const wanted = streamSpecification(table);
  const present = await describe(client, table.id);
  if (!present) {
    const shared = Object.fromEntries(
      Object.entries(table.properties).filter(([name]) => sharedProperties.includes(name)),
    ) as Pick<CreateTableCommandInput, 'KeySchema' | 'AttributeDefinitions'>;
    await client.send(
      new CreateTableCommand({
        TableName: table.id,
        BillingMode: 'PAY_PER_REQUEST',
        ...shared,
        ...(wanted ? { StreamSpecification: wanted } : {}),
      }),
    );
  } else {
    if (wanted && !present.StreamSpecification?.StreamEnabled)
      await client.send(new UpdateTableCommand({ TableName: table.id, StreamSpecification: wanted }));
    await addMissingIndexes(client, table, present);
  }
  await waitUntilTableExists({ client, minDelay: 1, maxWaitTime: maxWaitSeconds }, { TableName: table.id });
  await setTimeToLive(client, table);
  return (await describe(client, table.id)) ?? {};
}

/** The template may have gained an index since the table was created. */
async function addMissingIndexes(
  client: DynamoDBClient,
  { id, properties }: TableDefinition,
  present: TableDescription,
): Promise<void> {
  const names = new Set(present.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName));
  const wanted = (properties.GlobalSecondaryIndexes ?? []) as GlobalSecondaryIndex[];
  for (const index of wanted.filter(({ IndexName }) => !names.has(IndexName))) {
    await client.send(
      new UpdateTableCommand({
        TableName: id,
        AttributeDefinitions: properties.AttributeDefinitions as AttributeDefinition[],
        GlobalSecondaryIndexUpdates: [{ Create: index }],
      }),
    );
  }
}

async function describe(client: DynamoDBClient, name: string): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

function streamSpecification({ properties }: TableDefinition): StreamSpecification | undefined {
  const specification = properties.StreamSpecification as Partial<StreamSpecification> | undefined;
  return specification && { ...specification, StreamEnabled: true };
}

async function setTimeToLive(client: DynamoDBClient, { id, properties }: TableDefinition): Promise<void> {
  const wanted = properties.TimeToLiveSpecification as
    { AttributeName: string; Enabled: boolean } | undefined;
  if (!wanted?.Enabled) return;
  try {
    await client.send(new UpdateTimeToLiveCommand({ TableName: id, TimeToLiveSpecification: wanted }));
  } catch (error) {
    // DynamoDB rejects a request that changes nothing.
    if (!(error instanceof Error && error.message.includes('already enabled'))) throw error;
  }
}
