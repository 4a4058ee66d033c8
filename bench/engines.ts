import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { startEngine } from '../local/engine/engine';
import { endWithUs } from '../local/engine/processes';
import type { CloudAccess } from '../local/functions/variables';
import { ensureTable } from '../local/tables/create';
import { Template } from '../local/template/application';
import { readTemplate } from '../local/template/read';
import { credentials, region, templatePath } from '../tests/support/engine';

/** A server that answers DynamoDB's calls. */
export interface BenchEngine {
  access: CloudAccess;
  stop(): Promise<void>;
}

/**
 * Starts an engine that answers every call at once and stores nothing. It also stands in for Cognito.
 * @param file the built nullEngine.ts
 * @param keyFiles a key and its certificate, to answer over TLS
 */
export async function startNullEngine(file: string, keyFiles: string[] = []): Promise<BenchEngine> {
  const child = fork(file, keyFiles, { execArgv: [] });
  endWithUs(child);
  const [endpoint] = (await once(child, 'message')) as [string];
  return {
    access: { region, credentials, endpoint, cognitoEndpoint: endpoint },
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Starts the embedded engine in memory, with the template's tables, all empty. */
export async function startFreshEngine(
  cognitoEndpoint?: string,
): Promise<BenchEngine & { template: Template; client: DynamoDBClient }> {
  const engine = await startEngine();
  const access = {
    ...{ region, credentials, endpoint: engine.endpoint },
    ...(cognitoEndpoint === undefined ? {} : { cognitoEndpoint }),
  };
  const client = new DynamoDBClient(access);
  // A public list needs no session, so the bench measures the list and not a redirect to the sign-in page.
  const parameters = { PublicList: 'true' };
  const template = new Template(readTemplate(templatePath), templatePath, parameters, region);
  for (const table of template.tables()) {
    const { TableArn, LatestStreamArn } = await ensureTable(client, table);
    template.attributes.set(`${table.id}.Arn`, TableArn);
    template.attributes.set(`${table.id}.StreamArn`, LatestStreamArn);
  }
  return {
    access,
    template,
    client,
    async stop() {
      client.destroy();
      await engine.stop();
    },
  };
}
