import { NodeHttpHandler } from '@smithy/node-http-handler';
import http from 'node:http';
import https from 'node:https';
import { systemClock, type Clock } from './clock';
import { maxIdleMs, maxSockets, type Timeouts } from './timeouts';

/**
 * The SDK's HTTP handler. It also closes idle sockets before the first call after a pause: Lambda freezes a function
 * between calls, and a server may close the sockets meanwhile. A write into a closed socket fails, and some writes must
 * not be repeated.
 */
export class RequestHandler extends NodeHttpHandler {
  private readonly agents: http.Agent[];
  private lastCallMs = 0;

  constructor(
    { connectionMs, answerMs }: Timeouts,
    private readonly clock: Pick<Clock, 'now'> = systemClock,
  ) {
    const httpAgent = new http.Agent({ keepAlive: true, maxSockets });
    const httpsAgent = new https.Agent({ keepAlive: true, maxSockets });
    super({
      httpAgent,
      httpsAgent,
      connectionTimeout: connectionMs,
      requestTimeout: answerMs,
      throwOnRequestTimeout: true,
      // Ends an answer that stops halfway.
      socketTimeout: answerMs,
    });
    this.agents = [httpAgent, httpsAgent];
  }

  override handle(...call: Parameters<NodeHttpHandler['handle']>): ReturnType<NodeHttpHandler['handle']> {
    const nowMs = this.clock.now();
    if (nowMs - this.lastCallMs > maxIdleMs) this.agents.forEach(closeIdleSockets);
    this.lastCallMs = nowMs;
    return super.handle(...call);
  }
}

function closeIdleSockets({ freeSockets }: http.Agent): void {
  for (const sockets of Object.values(freeSockets)) sockets?.forEach((socket) => socket.destroy());
}
