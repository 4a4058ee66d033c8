import type { Browser } from 'playwright-core';
import { snippet } from '../../src/snippet/snippet';
import { startBrowser } from '../support/browser';
import { endAll } from '../support/cleanup';
import { makeFolder, startRunnerProcess } from '../support/runner';
import { serve } from '../support/serve';
import { startSite, type Site } from '../support/site';
import { expectSent, welcomeVisitor, type Visitor } from './visitor';

let browser: Browser;
let door: string;
let site: Site;
let visitor: Visitor;

beforeAll(async () => {
  [browser, { url: door }, site] = await Promise.all([
    startBrowser(),
    startRunnerProcess(makeFolder()),
    startSite(),
  ]);
}, 60_000);

beforeEach(async () => {
  site.headers = {};
  visitor = await welcomeVisitor(browser, site.url);
});

afterEach(() => visitor.context.close());
afterAll(endAll);

const scriptTag = () => `<script src="${door}footfall.js"></script>`;

describe('What fails, for the script,', () => {
  const alive = `<script>window.alive = true</script>`;

  /** The page goes on, and nobody complains but the browser, which tells in its console of requests that failed. */
  async function expectHarmless(): Promise<void> {
    expect(await visitor.page.evaluate('window.alive')).toBe(true);
    const browsersOwn = /^Failed to load resource: |Content Security Policy/;
    expect(visitor.complaints.filter((complaint) => !browsersOwn.test(complaint))).toEqual([]);
  }

  it('is not seen where the door is away', async () => {
    const port = await serve((request, response) => {
      if (request.url === '/footfall.js') response.end(snippet);
      else request.socket.destroy();
    });
    site.contents = () => `<script src="http://127.0.0.1:${port}/footfall.js"></script>${alive}`;
    await visitor.page.goto('/away');
    await expectSent(visitor, ['/away']);
    await expectHarmless();
  });

  it.each([
    ['too long a tag', `/${'x'.repeat(600)}`],
    ['a tag with a control character', '/a%00b'],
  ])('is not seen where the door refuses %s', async (_, path) => {
    site.contents = () => scriptTag() + alive;
    const refused = visitor.page.waitForEvent('response', (response) => response.status() === 400);
    await visitor.page.goto(path);
    await refused;
    await expectHarmless();
  });

  it.each([
    ['there is no sendBeacon', 'navigator.sendBeacon = undefined'],
    ['sendBeacon throws', `navigator.sendBeacon = () => { throw new Error('blocked'); }`],
    ['history is frozen', 'Object.freeze(history)'],
    ['there is no performance', 'performance.getEntriesByType = undefined'],
    [
      'it does not find itself',
      `Object.defineProperty(document, 'currentScript', { value: document.createElement('script') })`,
    ],
  ])('is not seen where %s', async (_, break_) => {
    site.contents = () => `<script>${break_}</script>${scriptTag()}${alive}`;
    await visitor.page.goto('/broken');
    await visitor.page.evaluate(`history.pushState(null, '', '/broken/more')`);
    await expectHarmless();
  });

  it('is not seen where sendBeacon breaks later, when the page moves on', async () => {
    site.contents = () => scriptTag() + alive;
    await visitor.page.goto('/breaks');
    await visitor.page.evaluate(`navigator.sendBeacon = () => { throw new Error('blocked'); }`);
    await visitor.page.evaluate(`history.pushState(null, '', '/breaks/later')`);
    await expectHarmless();
    expect(visitor.sent).toEqual(['/breaks']);
  });

  it("is not seen where the page's policy forbids the beacon", async () => {
    site.headers = { 'content-security-policy': `connect-src 'none'` };
    site.contents = () => scriptTag() + alive;
    await visitor.page.goto('/forbidden');
    await expectHarmless();
  });
});
