import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildForNode } from '../../local/functions/bundle';
import { Connection, TimeoutError } from '../../src/aws/signed/connection';
import { makeCertificate } from '../support/certificate';
import { endAll, endLater } from '../support/cleanup';
import { projectFolder } from '../support/engine';
import { makeFolder } from '../support/runner';
import { serve } from '../support/serve';

afterAll(endAll);

const timeouts = { connectionMs: 1_000, answerMs: 1_000 };
const shortTimeouts = { connectionMs: 1_000, answerMs: 50 };

function callTo(port: number) {
  return {
    ...{ protocol: 'http:', hostname: '127.0.0.1', port, path: '/', method: 'POST' as const },
    body: 'question',
  };
}

/** @param reply the bytes that each connection gets after its first request */
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
const partialAnswers = [
  ['nothing', ''],
  ['the headers alone', head],
  ['half of the body', `${head}12345`],
] as const;

describe('A call', () => {
  it('returns status, headers and every byte of the body', async () => {
    const body = Buffer.from([0xff, 0x00, 0xc3]);
    const port = await serve((request, response) => {
      request.resume().on('end', () => response.writeHead(418, { note: 'tea' }).end(body));
    });
    const answer = await new Connection(timeouts).send(callTo(port));
    expect(answer).toMatchObject({ status: 418, headers: { note: 'tea' }, body });
  });

  it('reaches an IPv6 address, which a URL writes in brackets', async () => {
    const connection = new Connection(timeouts);
    const failure = connection.send({ ...callTo(9), hostname: '[::1]' });
    await expect(failure).rejects.toThrow(/ECONNREFUSED ::1|EADDRNOTAVAIL ::1|EAFNOSUPPORT ::1/);
  });

  it.each(partialAnswers)('that gets %s within its time limit fails', async (_name, reply) => {
    const port = await serveBytes(reply, false);
    await expect(new Connection(shortTimeouts).send(callTo(port))).rejects.toThrow();
  });

  it('that times out fails with the error name on which the SDK repeats', async () => {
    const port = await serveBytes('', false);
    const failure: unknown = await new Connection(shortTimeouts)
      .send(callTo(port))
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TimeoutError);
    expect(failure).toMatchObject({ name: 'TimeoutError' });
  });

  it.each(partialAnswers)('whose connection ends after %s fails', async (_name, reply) => {
    const port = await serveBytes(reply, true);
    await expect(new Connection(timeouts).send(callTo(port))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('that nobody accepts fails at the connection timeout, long before the answer timeout', async () => {
    // The process listens but is stopped. The system accepts connections up to the backlog and leaves the others waiting.
    const listener =
      "require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { process.send(this.address().port) })";
    const child = spawn(process.execPath, ['-e', listener], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const [port] = (await once(child, 'message')) as [number];
    child.kill('SIGSTOP');
    const others = Array.from({ length: 16 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    endLater(() => {
      for (const socket of others) socket.destroy();
      child.kill('SIGKILL');
    });
    const failure = new Connection({ connectionMs: 200, answerMs: 5_000 }).send(callTo(port));
    await expect(failure).rejects.toThrow('The connection took too long.');
  });

  it('to a closed port fails', async () => {
    await expect(new Connection(timeouts).send(callTo(1))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('A call over TLS', () => {
  async function serveByTls() {
    const { key, certificate } = await makeCertificate(makeFolder());
    const files = { key: readFileSync(key), cert: readFileSync(certificate) };
    const server = createTlsServer(files, (_request, response) => response.writeHead(204).end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    endLater(() => {
      server.close();
      server.closeAllConnections();
    });
    return { port: (server.address() as { port: number }).port, certificate };
  }

  it('is not sent to a server whose certificate is not trusted', async () => {
    const { port } = await serveByTls();
    const failure = new Connection(timeouts).send({ ...callTo(port), protocol: 'https:' });
    await expect(failure).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });

  it('is answered by a server whose certificate is trusted', async () => {
    const { port, certificate } = await serveByTls();
    const file = buildForNode(
      join(projectFolder, 'src/aws/signed/connection.ts'),
      join(makeFolder(), 'connection.js'),
    );
    const script = `
      const { Connection } = require(${JSON.stringify(file)});
      new Connection(${JSON.stringify(timeouts)})
        .send(${JSON.stringify({ ...callTo(port), protocol: 'https:' })})
        .then(({ status }) => console.log(status) ?? process.exit());`;
    // Node.js reads NODE_EXTRA_CA_CERTS only when it starts.
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: certificate };
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env });
    expect(stdout).toBe('204\n');
  });
});

describe('Concurrent calls', () => {
  /** A server that answers as soon as `gathering.calls` calls are waiting. */
  async function serveTogether() {
    const ports = new Set<number | undefined>();
    const waiting: (() => void)[] = [];
    const gathering = { calls: 1 };
    const port = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      request.resume().on('end', () => {
        waiting.push(() => response.end('answer'));
        if (waiting.length < gathering.calls) return;
        for (const answer of waiting.splice(0)) answer();
      });
    });
    return { port, ports, gathering };
  }

  it('all finish, even if one begins after a long pause', async () => {
    let nowMs = 1_000_000;
    const { port, gathering } = await serveTogether();
    gathering.calls = 2;
    const connection = new Connection({ connectionMs: 1_000, answerMs: 5_000 }, { now: () => nowMs });
    const first = connection.send(callTo(port));
    nowMs += 11_000;
    const second = connection.send(callTo(port));
    expect((await first).body.toString() + (await second).body.toString()).toBe('answeranswer');
  });

  it('do not reuse a connection that was idle while another was in use', async () => {
    let nowMs = 1_000_000;
    const { port, ports, gathering } = await serveTogether();
    const connection = new Connection(timeouts, { now: () => nowMs });
    const sendTogether = (calls: number) => {
      gathering.calls = calls;
      return Promise.all(Array.from({ length: calls }, () => connection.send(callTo(port))));
    };
    await sendTogether(2);
    nowMs += 8_000;
    await sendTogether(1);
    nowMs += 8_000;
    await sendTogether(2);
    expect(ports.size).toBe(3);
  });
});
