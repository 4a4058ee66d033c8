import { snippet } from '../../src/snippet/snippet';
import { endAll } from '../support/cleanup';
import { readCounts, startTestEngine, type TestEngine } from '../support/engine';
import { readEvent } from '../support/events';
import { startFunction } from '../support/functions';

let engine: TestEngine;

beforeAll(async () => {
  engine = await startTestEngine();
});

afterAll(endAll);

describe('The sample events of the beacon API', () => {
  it('pixel.json counts a visit of café/au lait, and badge.json shows it', async () => {
    const pixel = await startFunction('PixelFunction', engine);
    const { statusCode, isBase64Encoded, body } = await pixel.answer(readEvent('pixel.json'));
    expect([statusCode, isBase64Encoded]).toEqual([200, true]);
    expect(Buffer.from(body, 'base64').toString('latin1')).toMatch(/^GIF89a/);
    expect(await readCounts(engine.client)).toEqual({ 'café/au lait': { Count: 1 } });

    const badge = await startFunction('BadgeFunction', engine);
    expect((await badge.answer(readEvent('badge.json'))).body).toContain('<title>visits: 1</title>');
    expect(await readCounts(engine.client)).toEqual({ 'café/au lait': { Count: 1 } });
  });

  it('snippet.json gets the script without reading a table', async () => {
    const script = await startFunction('SnippetFunction', { ...engine, endpoint: 'http://127.0.0.1:1' });
    expect(await script.answer(readEvent('snippet.json'))).toMatchObject({ statusCode: 200, body: snippet });
  });
});
