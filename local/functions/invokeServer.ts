import { randomUUID, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { Outcome } from './outcome';

/** The address of the invoke server, for programs that may read the data folder. */
export interface InvokeAddress {
  url: string;
  /** Keeps out pages in a browser, which can call 127.0.0.1 but cannot read the file. */
  token: string;
}

/** A line of the response: the function's log lines come first, then its outcome. */
export type InvokeLine = { log: string } | { outcome: Outcome };

/** The file in the data folder that holds the address while the runner runs. */
export function invokeFile(dataFolder: string): string {
  return join(dataFolder, 'invoke.json');
}

/** Invokes functions by name, as Lambda's Invoke does: `POST /<logical id>` with the event as JSON. */
export async function startInvokeServer(
  dataFolder: string,
  invoke: (functionId: string, event: unknown, onLog: (line: string) => void) => Promise<Outcome>,
): Promise<{ stop(): Promise<void> }> {
  const token = randomUUID();
  const server = createServer((request, response) => {
    if (!hasToken(request, token)) {
      response.writeHead(403).end();
      return;
    }
    const write = (line: InvokeLine) => response.write(`${JSON.stringify(line)}\n`);
    const functionId = decodeURIComponent((request.url ?? '/').slice(1));
    json(request)
      .then((event) => invoke(functionId, event, (log) => write({ log })))
      .then((outcome) => {
        write({ outcome });
        response.end();
      })
      .catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: InvokeAddress = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
  };
  writeFileSync(invokeFile(dataFolder), JSON.stringify(address), { mode: 0o600 });
  return {
    async stop() {
      rmSync(invokeFile(dataFolder), { force: true });
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function hasToken(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
