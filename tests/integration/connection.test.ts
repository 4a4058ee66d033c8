import { createServer } from 'node:net';
import { once } from 'node:events';
import { Connection, TimeoutError } from '../../src/aws/connection';
import { endAll, endLater } from '../support/cleanup';
import { serve } from '../support/serve';

afterAll(endAll);

const timeouts = { connectionMs: 1_000, answerMs: 1_000 };
const hurried = { connectionMs: 1_000, answerMs: 50 };

function callTo(port: number) {
  return {
    ...{ protocol: 'http:', hostname: '127.0.0.1', port, path: '/', method: 'POST' as const },
    body: 'question',
  };
}

/** @param reply what is written to each connection that says something */
async function serveBytes(reply: string, thenEnd: boolean): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(reply);
      if (thenEnd) socket.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endLater(() => {
    server.close();
  });
  return (server.address() as { port: number }).port;
}

const head = 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n';

describe('One call', () => {
  it('is answered with status, headers and the whole body, whatever bytes it has', async () => {
    const body = Buffer.from([0xff, 0x00, 0xc3]);
    const port = await serve((request, response) => {
      request.resume().on('end', () => response.writeHead(418, { note: 'tea' }).end(body));
    });
    const answer = await new Connection(timeouts).send(callTo(port));
    expect(answer).toMatchObject({ status: 418, headers: { note: 'tea' }, body });
  });

  it('reaches an address of IPv6, which a URL has in brackets', async () => {
    const connection = new Connection(timeouts);
    const failure = connection.send({ ...callTo(9), hostname: '[::1]' });
    await expect(failure).rejects.toThrow(/ECONNREFUSED ::1|EADDRNOTAVAIL ::1|EAFNOSUPPORT ::1/);
  });

  it.each([
    ['nothing', ''],
    ['the headers alone', head],
    ['half of the body', `${head}12345`],
  ])('that gets %s within its time fails', async (_name, reply) => {
    const port = await serveBytes(reply, false);
    await expect(new Connection(hurried).send(callTo(port))).rejects.toThrow();
  });

  it('that gets nothing in time fails by the name that the SDK repeats by', async () => {
    const port = await serveBytes('', false);
    const failure: unknown = await new Connection(hurried)
      .send(callTo(port))
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TimeoutError);
    expect(failure).toMatchObject({ name: 'TimeoutError' });
  });

  it.each([
    ['nothing', ''],
    ['the headers alone', head],
    ['half of the body', `${head}12345`],
  ])('whose connection ends after %s fails', async (_name, reply) => {
    const port = await serveBytes(reply, true);
    await expect(new Connection(timeouts).send(callTo(port))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('to a port where nobody listens fails', async () => {
    await expect(new Connection(timeouts).send(callTo(1))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('Calls under way', () => {
  it('are finished, though another comes after a rest', async () => {
    let nowMs = 1_000_000;
    const waiting: (() => void)[] = [];
    const port = await serve((request, response) => {
      request.resume().on('end', () => waiting.push(() => response.end('answer')));
    });
    const connection = new Connection({ connectionMs: 1_000, answerMs: 5_000 }, { now: () => nowMs });
    const first = connection.send(callTo(port));
    nowMs += 9_000;
    const second = connection.send(callTo(port));
    while (waiting.length < 2) await new Promise(setImmediate);
    waiting.forEach((answer) => {
      answer();
    });
    expect((await first).body.toString() + (await second).body.toString()).toBe('answeranswer');
  });
});
