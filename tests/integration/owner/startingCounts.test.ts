import { endAll } from '../../support/cleanup';
import { getJson, send } from '../../support/http';
import { putItems } from '../../support/owner';
import { engineOf, makeFolder, startRunnerProcess, waitFor, type RunnerProcess } from '../../support/runner';
import { createTestClient } from '../../support/engine';

interface Counts {
  tag: string;
  count: number;
  start?: { visits: number; origin: string };
  total: number;
  days: { visits: number }[];
}

let runner: RunnerProcess;

beforeAll(async () => {
  runner = await startRunnerProcess(makeFolder());
  const client = createTestClient(engineOf(runner));
  await putItems(client, 'DynamoDBTable', [
    { ID: 'moved', Start: 7_000, StartOrigin: 'GoatCounter & "others"' },
  ]);
  client.destroy();
  for (let visits = 0; visits < 2; visits += 1) await send(runner.url, '/tags/moved');
  await waitFor(async () => (await read()).total === 2);
});
afterAll(endAll);

const read = () => getJson<Counts>(runner.url, '/counts/moved');

describe('A starting count of 7,000 on a tag with 2 visits', () => {
  it('has a field of its own in JSON, and count, total and days exclude it', async () => {
    const { days, ...counts } = await read();
    expect(counts).toEqual({
      tag: 'moved',
      count: 2,
      start: { visits: 7_000, origin: 'GoatCounter & "others"' },
      total: 2,
    });
    expect(days.reduce((sum, { visits }) => sum + visits, 0)).toBe(2);
  });

  it('appears on the page with its origin, and the sentence excludes it', async () => {
    const { body } = await send(runner.url, '/counts/moved', { headers: { accept: 'text/html' } });
    expect(body).toContain('<p>The tag "moved" has 2 total visits.</p>');
    expect(body).toContain('visits before Footfall: GoatCounter &amp; &quot;others&quot;</dt><dd>7,000</dd>');
    expect(body).toContain('You have 2 visits across all pages.');
  });

  it('leaves the answer to a visit of another tag unchanged', async () => {
    const json = { headers: { accept: 'application/json' } };
    const { body } = await send(runner.url, '/tags/another', json);
    expect(JSON.parse(body)).toEqual({ tag: 'another', count: 1 });
    expect(await getJson(runner.url, '/counts/another')).not.toHaveProperty('start');
  });

  it('is included in the badge of the tag but not in the badge of the total', async () => {
    const { body } = await send(runner.url, '/badge.svg?tag=moved');
    expect(body).toContain('7,002');
    expect(await getJson(runner.url, '/badge.json?tag=moved')).toMatchObject({ message: '7,002' });
    const { message } = await getJson<{ message: string }>(runner.url, '/badge.json');
    expect(Number(message)).toBeLessThan(100);
  });
});
