import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { systemClock, type Clock } from '../clock';
import { maxIdleMs, maxSockets, type Timeouts } from '../timeouts';

/** One HTTP call, in the terms of Node.js's `http.request`. */
export interface Call {
  /** `https:` or `http:`. */
  protocol: string;
  hostname: string;
  port?: number | string | undefined;
  method: 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** No complete answer came in time. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * Keep-alive connections to one server. It sends each call once. docs/decisions/speed.md compares it with the SDK's
 * handler, which loads more code.
 */
export class Connection {
  private agent: http.Agent | undefined;
  private readonly usedAtMs = new WeakMap<Socket, number>();

  constructor(
    private readonly timeouts: Timeouts,
    private readonly clock: Pick<Clock, 'now'> = systemClock,
  ) {}

  /** @throws Error when no complete answer came: refused, reset, cut short, or too late (TimeoutError) */
  async send({ protocol, hostname, port, body, ...call }: Call): Promise<Answer> {
    const transport = protocol === 'https:' ? https : http;
    this.agent ??= new transport.Agent({ keepAlive: true, maxSockets });
    this.closeIdleSockets(this.agent);
    const host = hostname.replace(/^\[|\]$/g, ''); // only a URL has brackets around an IPv6 address
    const request = transport.request({ ...call, host, port, agent: this.agent });
    try {
      return await exchange(request, body, this.timeouts);
    } finally {
      if (request.socket) this.usedAtMs.set(request.socket, this.clock.now());
    }
  }

  /** Closes all sockets, including those with calls under way. */
  close(): void {
    this.agent?.destroy();
    this.agent = undefined;
  }

  private closeIdleSockets({ freeSockets }: http.Agent): void {
    for (const socket of Object.values(freeSockets).flatMap((sockets = []) => sockets)) {
      const idleMs = this.clock.now() - (this.usedAtMs.get(socket) ?? 0);
      if (idleMs > maxIdleMs) socket.destroy();
    }
  }
}

function exchange(
  request: http.ClientRequest,
  body: Call['body'],
  { connectionMs, answerMs }: Timeouts,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const abort = (reason: string) => () => request.destroy(new TimeoutError(reason));
    const answering = setTimeout(abort('The answer took too long.'), answerMs);
    request
      .on('socket', (socket) => {
        if (!socket.connecting) return;
        const connecting = setTimeout(abort('The connection took too long.'), connectionMs);
        const stop = () => {
          clearTimeout(connecting);
        };
        socket.once('connect', stop).once('close', stop);
      })
      .on('response', (response) => {
        const parts: Buffer[] = [];
        response
          .on('data', (part: Buffer) => parts.push(part))
          .on('end', () => {
            const { statusCode: status = 0, headers } = response;
            resolve({ status, headers, body: Buffer.concat(parts) });
          })
          .on('error', reject);
      })
      .on('error', reject)
      .on('close', () => {
        clearTimeout(answering);
      })
      .end(body);
  });
}
