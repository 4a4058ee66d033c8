import { SignedCaller } from '../../src/aws/signed/signedCaller';
import { parseTag } from '../../src/tags/tag';
import { VisitCounts } from '../../src/visits/visitCounts';
import { endAll } from '../support/cleanup';
import { serve } from '../support/serve';

afterAll(endAll);

/** A stub of DynamoDB that records the client port of each call. */
async function startEndpoint() {
  const ports = new Set<number | undefined>();
  const port = await serve((request, response) => {
    ports.add(request.socket.remotePort);
    request.resume().on('end', () => response.end('{"Attributes":{"Count":{"N":"1"}}}'));
  });
  return { url: new URL(`http://127.0.0.1:${port}`), ports };
}

it.each([
  ['reuse one connection when they follow within ten seconds', 10_000, 1],
  ['open a new connection after a longer pause, because the old one may be dead', 10_001, 2],
])('Visits %s', async (_name, restMs, connections) => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' });
  const { url, ports } = await startEndpoint();
  const tag = parseTag('/a');
  let nowMs = Date.UTC(2026, 0, 1);
  const visits = new VisitCounts(new SignedCaller(url, 'eu-west-1', { now: () => nowMs }), 'table');
  await visits.recordVisit(tag);
  nowMs += restMs;
  await visits.recordVisit(tag);
  expect(ports.size).toBe(connections);
});
