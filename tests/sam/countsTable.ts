import { BatchWriteItemCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudAccess } from '../../local/functions/variables';
import { startEngine } from '../../local/engine/engine';
import { ensureTable } from '../../local/tables/create';
import { Template } from '../../local/template/application';
import { readTemplate } from '../../local/template/read';
import { relayToContainers, root, scratchFolder, type Started } from './tools';

export type Item = Record<string, unknown>;

export interface CountsTable {
  access: CloudAccess;
  /** The template whose tables stand in the engine. */
  template: Template;
  /** For `--env-vars`: leads functions in containers to the engine. */
  variablesFile: string;
  /** Makes these the only items. */
  fill(items: Item[]): Promise<void>;
  /** All items, in the order of their keys. */
  read(): Promise<Item[]>;
}

const tableName = 'DynamoDBTable';

/** The template's tables on an engine of their own, in memory, which containers reach too. */
export async function startCountsTable(started: Started): Promise<CountsTable> {
  const engine = await startEngine();
  started.add(() => engine.stop());
  const access: CloudAccess = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    endpoint: engine.endpoint,
  };
  const client = new DynamoDBClient(access);
  started.add(() => {
    client.destroy();
    return Promise.resolve();
  });
  const path = join(root, 'template.yaml');
  const template = new Template(readTemplate(path), path, {}, access.region);
  for (const table of template.tables()) {
    const { TableArn, LatestStreamArn } = await ensureTable(client, table);
    template.attributes.set(`${table.id}.Arn`, TableArn);
    template.attributes.set(`${table.id}.StreamArn`, LatestStreamArn);
  }

  const relay = await relayToContainers(engine.port);
  started.add(() => relay.stop());
  const variablesFile = join(scratchFolder(), `variables-${engine.port}.json`);
  writeFileSync(variablesFile, JSON.stringify({ Parameters: { AWS_ENDPOINT_URL_DYNAMODB: relay.endpoint } }));

  const read = async () => {
    const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName, ConsistentRead: true }));
    return Items.map((item): Item => unmarshall(item)).sort((a, b) => (String(a.ID) < String(b.ID) ? -1 : 1));
  };
  return {
    access,
    template,
    variablesFile,
    read,
    async fill(items) {
      const removed = (await read()).filter(({ ID }) => !items.some((item) => item.ID === ID));
      const requests = [
        ...removed.map(({ ID }) => ({ DeleteRequest: { Key: marshall({ ID }) } })),
        ...items.map((item) => ({ PutRequest: { Item: marshall(item) } })),
      ];
      if (!requests.length) return;
      await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }));
    },
  };
}
