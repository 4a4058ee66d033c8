import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { invokeFile, type InvokeAddress, type InvokeLine } from './functions/invokeServer';

const help = `Invokes a function of the template that npm start is running.

  node --import tsx local/invoke.ts FUNCTION [EVENT_FILE]

FUNCTION is the logical id, such as ReconcileFunction; EVENT_FILE holds the event as JSON (default: {}).
FOOTFALL_DATA names the folder that npm start runs with (default: .footfall).
`;

function readAddress(dataFolder: string): InvokeAddress {
  try {
    return JSON.parse(readFileSync(invokeFile(dataFolder), 'utf8')) as InvokeAddress;
  } catch {
    throw new Error(`npm start is not running with the data in ${dataFolder}. Start it first.`);
  }
}

async function main(): Promise<void> {
  const [functionId, eventFile] = process.argv.slice(2);
  if (functionId === undefined || functionId.startsWith('-')) {
    process.stdout.write(help);
    return;
  }
  const dataFolder = resolve(process.env.FOOTFALL_DATA ?? '.footfall');
  const { url, token } = readAddress(dataFolder);
  let response: Response;
  try {
    response = await fetch(`${url}/${encodeURIComponent(functionId)}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: eventFile === undefined ? '{}' : readFileSync(eventFile, 'utf8'),
    });
  } catch {
    throw new Error(
      `npm start is not running with the data in ${dataFolder}, or was killed. Start it first.`,
    );
  }
  const lines = createInterface({ input: Readable.fromWeb(response.body as ReadableStream<Uint8Array>) });
  for await (const text of lines) {
    const line = JSON.parse(text) as InvokeLine;
    if ('log' in line) process.stderr.write(`${line.log}\n`);
    else if (line.outcome.ok) process.stdout.write(`${JSON.stringify(line.outcome.response, null, 2)}\n`);
    else throw new Error(`${functionId}: ${line.outcome.error}`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
