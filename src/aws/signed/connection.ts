import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { systemClock, type Clock } from '../clock';
import type { Timeouts } from '../timeouts';

/** One HTTP call, in the words of Node.js's `http.request`. */
export interface Call {
  /** `https:` or `http:`. */
  protocol: string;
  hostname: string;
  port?: number | string | undefined;
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** No answer came in time. The SDK knows such errors by their name, and repeats what may be repeated. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * What was idle for longer is not used again. Lambda freezes a function between its calls, and drops connections that rest;
 * that shows only when something is sent, and a visit that was sent into it is not repeated.
 * https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html (keep-alive)
 */
const maxIdleMs = 10_000;

/** As many as the SDK opens; further calls wait for one of them. */
const maxSockets = 50;

/**
 * The way to one server, kept open from one call to the next. It sends each call once. The SDK's own handler would do, but
 * for what it loads and how it reads answers: docs/decisions/speed.md.
 */
export class Connection {
  private agent: http.Agent | undefined;
  private readonly usedAtMs = new WeakMap<Socket, number>();

  constructor(
    private readonly timeouts: Timeouts,
    private readonly clock: Pick<Clock, 'now'> = systemClock,
  ) {}

  /** @throws Error when no whole answer came: nobody listens, it broke, or the time is over (TimeoutError) */
  async send({ protocol, hostname, port, body, ...call }: Call): Promise<Answer> {
    const door = protocol === 'https:' ? https : http;
    this.agent ??= new door.Agent({ keepAlive: true, maxSockets });
    this.dropRested(this.agent);
    const host = hostname.replace(/^\[|\]$/g, ''); // an IPv6 address stands in brackets in a URL alone
    const request = door.request({ ...call, host, port, agent: this.agent });
    try {
      return await exchange(request, body, this.timeouts);
    } finally {
      if (request.socket) this.usedAtMs.set(request.socket, this.clock.now());
    }
  }

  /** Ends calls under way, too. */
  close(): void {
    this.agent?.destroy();
    this.agent = undefined;
  }

  private dropRested({ freeSockets }: http.Agent): void {
    for (const socket of Object.values(freeSockets).flatMap((sockets = []) => sockets)) {
      const restMs = this.clock.now() - (this.usedAtMs.get(socket) ?? 0);
      if (restMs > maxIdleMs) socket.destroy();
    }
  }
}

function exchange(
  request: http.ClientRequest,
  body: Call['body'],
  { connectionMs, answerMs }: Timeouts,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const giveUp = (reason: string) => () => request.destroy(new TimeoutError(reason));
    const answering = setTimeout(giveUp('The answer took too long.'), answerMs);
    request
      .on('socket', (socket) => {
        if (!socket.connecting) return;
        const connecting = setTimeout(giveUp('The connection took too long.'), connectionMs);
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
