import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { message, type Gateway } from './gateway';
import { BodyTooLargeError, readIncoming } from './incoming';
import type { HttpResult } from './results';

/** Someone else listens on the port. */
export class PortInUseError extends Error {
  constructor(port: number) {
    super(
      `Port ${port} is in use. Set PORT to another one, such as PORT=${port + 1}, or end what listens there.`,
    );
  }
}

export interface Server {
  port: number;
  /** Has requests answered; those that came before wait for it. */
  serve(gateway: Gateway, stages: string[]): void;
  /** Lets the requests that are under way end, then closes. */
  stop(): Promise<void>;
}

/** Longer than any function may take by default, so that a stop waits for the last answers. */
const stopTimeoutMs = 10_000;

/**
 * Takes a port of 127.0.0.1 for both doors, before there is anything to serve: functions are told the address.
 * @param port 0 takes any that is free
 * @throws PortInUseError
 */
export async function openServer(port: number, log: (line: string) => void): Promise<Server> {
  let open: (application: { gateway: Gateway; stages: string[] }) => void = () => undefined;
  let isServing = false;
  const opened = new Promise<{ gateway: Gateway; stages: string[] }>((resolve) => {
    open = resolve;
  });
  const server = createServer((request, response) => {
    opened
      .then(async ({ gateway, stages }) =>
        gateway.answer(await readIncoming(request, stages, randomUUID(), Date.now())),
      )
      .catch((error: unknown) => {
        if (error instanceof BodyTooLargeError) return message(413, 'Request Too Long');
        // A client that went away in the middle is not worth a line.
        if (!request.destroyed) log(`The request failed in the runner: ${String(error)}`);
        return message(500, 'Internal server error');
      })
      .then((result) => {
        try {
          write(response, result);
        } catch (error) {
          // The handler's answer has a header that HTTP does not allow.
          log(`The answer could not be sent: ${String(error)}`);
          for (const name of response.getHeaderNames()) response.removeHeader(name);
          write(response, message(502, 'Internal server error'));
        }
      })
      .catch((error: unknown) => {
        log(`The answer was lost: ${String(error)}`);
        response.destroy();
      });
  });
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new PortInUseError(port);
    throw error;
  }
  return {
    port: (server.address() as AddressInfo).port,
    serve(gateway, stages) {
      isServing = true;
      open({ gateway, stages });
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      // Who waits for a start that failed would wait for ever.
      if (isServing) server.closeIdleConnections();
      else server.closeAllConnections();
      const impatience = setTimeout(() => {
        server.closeAllConnections();
      }, stopTimeoutMs);
      await closed;
      clearTimeout(impatience);
    },
  };
}

function write(response: ServerResponse, { status, headers, body }: HttpResult): void {
  if (response.destroyed) return;
  response.statusCode = status;
  for (const [name, value] of headers) response.appendHeader(name, value);
  if (status !== 204 && status !== 304) response.setHeader('content-length', body.length);
  response.end(body);
}
