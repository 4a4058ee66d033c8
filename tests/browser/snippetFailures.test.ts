import type { Browser } from 'playwright-core';
import { snippet } from '../../src/snippet/snippet';
import { startBrowser } from '../support/browser';
import { endAll } from '../support/cleanup';
import { makeFolder, startRunnerProcess } from '../support/runner';
import { serve } from '../support/serve';
import { startSite, type Site } from '../support/site';
import { expectSent, welcomeVisitor, type Visitor } from './visitor';

let browser: Browser;
let footfallUrl: string;
let site: Site;
let visitor: Visitor;

beforeAll(async () => {
  [browser, { url: footfallUrl }, site] = await Promise.all([
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

const scriptTag = () => `<script src="${footfallUrl}footfall.js"></script>`;

describe('A failure of the script', () => {
  const alive = `<script>window.alive = true</script>`;

  /** The page still works, and the console holds nothing but the browser's own messages about failed requests. */
  async function expectHarmless(): Promise<void> {
    expect(await visitor.page.evaluate('window.alive')).toBe(true);
    const browserMessages = /^Failed to load resource: |Content Security Policy/;
    expect(visitor.messages.filter((message) => !browserMessages.test(message))).toEqual([]);
  }

  it('leaves the page alone when the beacon API is unreachable', async () => {
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
    ['a tag that is too long', `/${'x'.repeat(600)}`],
    ['a tag with a control character', '/a%00b'],
  ])('leaves the page alone when the beacon API rejects %s', async (_, path) => {
    site.contents = () => scriptTag() + alive;
    const refused = visitor.page.waitForEvent('response', (response) => response.status() === 400);
    await visitor.page.goto(path);
    await refused;
    await expectHarmless();
  });

  it.each([
    ['sendBeacon is missing', 'navigator.sendBeacon = undefined'],
    ['sendBeacon throws', `navigator.sendBeacon = () => { throw new Error('blocked'); }`],
    ['history is frozen', 'Object.freeze(history)'],
    ['getEntriesByType is missing', 'performance.getEntriesByType = undefined'],
    [
      'the script cannot find its own element',
      `Object.defineProperty(document, 'currentScript', { value: document.createElement('script') })`,
    ],
  ])('leaves the page alone when %s', async (_, breakScript) => {
    site.contents = () => `<script>${breakScript}</script>${scriptTag()}${alive}`;
    await visitor.page.goto('/broken');
    await visitor.page.evaluate(`history.pushState(null, '', '/broken/more')`);
    await expectHarmless();
  });

  it('leaves the page alone when sendBeacon starts to throw between two views', async () => {
    site.contents = () => scriptTag() + alive;
    await visitor.page.goto('/breaks');
    await visitor.page.evaluate(`navigator.sendBeacon = () => { throw new Error('blocked'); }`);
    await visitor.page.evaluate(`history.pushState(null, '', '/breaks/later')`);
    await expectHarmless();
    expect(visitor.sent).toEqual(['/breaks']);
  });

  it("leaves the page alone when the page's Content-Security-Policy blocks the beacon", async () => {
    site.headers = { 'content-security-policy': `connect-src 'none'` };
    site.contents = () => scriptTag() + alive;
    await visitor.page.goto('/forbidden');
    await expectHarmless();
  });
});
