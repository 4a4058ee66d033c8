import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { startEngine } from '../../local/engine/engine';
import { ensureTable } from '../../local/tables/create';
import { Template } from '../../local/template/application';
import { readTemplate } from '../../local/template/read';
import { applicationTemplate, region } from './application';
import { endLater } from './cleanup';

export { projectFolder, region, templatePath } from './application';
export const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** The beacon API's address for functions that run without a runner. */
export const pageEndpoint = 'https://page.example.com';

/** A client for an engine on this machine. */
export function createTestClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({ endpoint, region, credentials });
}

/** The real engine with the template's tables and its data in memory. */
export interface TestEngine {
  endpoint: string;
  client: DynamoDBClient;
  /** Reads the template with parameter overrides and the ARNs of the engine's tables. */
  openTemplate(overrides?: Record<string, string>): Template;
}

export async function startTestEngine(): Promise<TestEngine> {
  const engine = await startEngine();
  endLater(() => engine.stop());
  const client = createTestClient(engine.endpoint);
  endLater(() => {
    client.destroy();
  });
  const attributes = new Map<string, unknown>([['PageApi.ApiEndpoint', pageEndpoint]]);
  for (const table of openTemplate().tables()) {
    const { TableArn, LatestStreamArn } = await ensureTable(client, table);
    attributes.set(`${table.id}.Arn`, TableArn).set(`${table.id}.StreamArn`, LatestStreamArn);
  }
  return {
    endpoint: engine.endpoint,
    client,
    openTemplate(overrides) {
      const template = openTemplate(overrides);
      for (const [name, value] of attributes) template.attributes.set(name, value);
      return template;
    },
  };
}

function openTemplate(overrides: Record<string, string> = {}): Template {
  const path = applicationTemplate();
  return new Template(readTemplate(path), path, overrides, region);
}

/** A table's items by their key. */
export type Items = Record<string, Record<string, unknown>>;

/** Every item of the counts table. */
export function readCounts(client: DynamoDBClient): Promise<Items> {
  return readItems(client, 'DynamoDBTable');
}

export async function readItems(client: DynamoDBClient, TableName: string, key = 'ID'): Promise<Items> {
  const items: [string, Record<string, unknown>][] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    for (const item of Items) {
      const { [key]: id, ...attributes } = unmarshall(item);
      items.push([String(id), attributes]);
    }
  }
  return Object.fromEntries(items);
}
