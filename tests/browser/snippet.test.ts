import type { Browser } from 'playwright-core';
import { snippetIntegrity, snippetVersion } from '../../src/snippet/snippet';
import { startBrowser } from '../support/browser';
import { endAll } from '../support/cleanup';
import { getJson } from '../support/http';
import { makeFolder, startRunnerProcess, waitFor } from '../support/runner';
import { startSite, type Site } from '../support/site';
import { expectSent, welcomeVisitor, type Visitor } from './visitor';

let browser: Browser;
let footfallUrl: string;
let site: Site;
let visitor: Visitor;

beforeAll(async () => {
  [browser, { url: footfallUrl }, site] = await Promise.all([
    // Playwright disables the back/forward cache, but returning from it is one of the cases here.
    startBrowser({ ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
    startRunnerProcess(makeFolder()),
    startSite(),
  ]);
}, 60_000);

beforeEach(async () => {
  site.contents = () => scriptTag('defer');
  visitor = await welcomeVisitor(browser, site.url);
});

afterEach(() => visitor.context.close());
afterAll(endAll);

const scriptTag = (attributes = '') => `<script ${attributes} src="${footfallUrl}footfall.js"></script>`;

async function countOf(tag: string): Promise<number> {
  const { count } = await getJson<{ count: number }>(footfallUrl, `/counts/${encodeURIComponent(tag)}`);
  return count;
}

/** @throws Error if the tag does not reach that count in time */
async function expectCount(tag: string, count: number): Promise<void> {
  await waitFor(async () => (await countOf(tag)) >= count);
  expect(await countOf(tag)).toBe(count);
}

describe('A page view', () => {
  it.each([
    ['/blog/', '/blog/'],
    ['/', '/'],
    ['/caf%C3%A9/a%20b', '/café/a b'],
    ['/a%2Fb', '/a/b'],
    ['/100%', '/100%'],
    ['/%E6%97%A5%E6%9C%AC/?page=2#top', '/日本/'],
    ["/it's+100%25", "/it's+100%"],
  ])('of %s is counted once as the tag %s', async (path, tag) => {
    await visitor.page.goto(path);
    await expectSent(visitor, [tag]);
    await expectCount(tag, 1);
    expect(visitor.messages).toEqual([]);
  });

  it.each(['', 'defer', 'async', 'type="module"'])('is counted by <script %s>', async (attributes) => {
    site.contents = () => scriptTag(attributes);
    await visitor.page.goto('/loaded');
    await waitFor(() => visitor.sent.length);
    await expectSent(visitor, ['/loaded']);
  });

  it('is counted by a script element that another script inserts and removes', async () => {
    site.contents = () => `<script>
      const script = document.createElement('script');
      script.src = '${footfallUrl}footfall.js';
      document.head.append(script);
      script.remove();
    </script>`;
    await visitor.page.goto('/injected');
    await waitFor(() => visitor.sent.length);
    await expectSent(visitor, ['/injected']);
  });

  it('is counted by a script with a version and an integrity hash', async () => {
    site.contents = () =>
      `<script defer src="${footfallUrl}footfall.js?v=${snippetVersion}" integrity="${snippetIntegrity()}" crossorigin></script>`;
    await visitor.page.goto('/held');
    await expectSent(visitor, ['/held']);
  });

  it('is counted once by two script elements', async () => {
    site.contents = () => scriptTag('async') + scriptTag('defer') + scriptTag('type="module"');
    await visitor.page.goto('/twice');
    await expectSent(visitor, ['/twice']);
    await expectCount('/twice', 1);
  });

  it('is counted under data-tag, or under the path if data-tag is empty', async () => {
    site.contents = (path) => scriptTag(`defer data-tag="${path === '/empty' ? '' : 'my site & more'}"`);
    await visitor.page.goto('/tagged');
    await visitor.page.goto('/empty');
    await expectSent(visitor, ['my site & more', '/empty']);
    await expectCount('my site & more', 1);
  });

  it('sets no cookie and stores nothing in the browser', async () => {
    await visitor.page.goto('/stores');
    await expectSent(visitor, ['/stores']);
    expect(await visitor.context.cookies([site.url, footfallUrl])).toEqual([]);
    expect(
      await visitor.page.evaluate(
        '(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length])()',
      ),
    ).toEqual([0, 0, 0, 0]);
  });
});

describe('A reload', () => {
  it('is not counted', async () => {
    await visitor.page.goto('/reloaded');
    await waitFor(() => visitor.sent.length);
    await visitor.page.reload();
    await visitor.page.reload();
    await expectSent(visitor, ['/reloaded']);
    await expectCount('/reloaded', 1);
  });

  it('is counted if the script has data-count-reloads', async () => {
    site.contents = () => scriptTag('defer data-count-reloads');
    await visitor.page.goto('/reloads');
    await waitFor(() => visitor.sent.length);
    await visitor.page.reload();
    await expectSent(visitor, ['/reloads', '/reloads']);
    await expectCount('/reloads', 2);
  });
});

describe('Navigation in a single-page app', () => {
  it('is counted whenever the path changes: by pushState, by replaceState and by going back', async () => {
    const { page } = visitor;
    await page.goto('/app/');
    await page.evaluate(`history.pushState({ kept: 1 }, '', '/app/a%20b')`);
    await page.evaluate(`history.replaceState(null, '', '/app/c')`);
    await page.evaluate(
      `new Promise((resolve) => { addEventListener('popstate', resolve); history.back(); })`,
    );
    await expectSent(visitor, ['/app/', '/app/a b', '/app/c', '/app/']);
  });

  it('is not counted if only the query, the hash or the state changes', async () => {
    const { page } = visitor;
    await page.goto('/app/still');
    await page.evaluate(`history.pushState(null, '', '?page=2')`);
    await page.evaluate(`history.replaceState({ page: 2 }, '')`);
    await page.evaluate(`location.hash = 'top'`);
    await page.evaluate(
      `new Promise((resolve) => { addEventListener('popstate', resolve); history.back(); })`,
    );
    expect(await page.evaluate('[location.search, location.hash, history.state.page]')).toEqual([
      '?page=2',
      '',
      2,
    ]);
    await expectSent(visitor, ['/app/still']);
  });

  it('throws the same errors as it does without the script', async () => {
    await visitor.page.goto('/app/fails');
    const fail = `try { history.pushState(() => 0, '', '/never'); } catch ({ name }) { name }`;
    expect(await visitor.page.evaluate(fail)).toBe('DataCloneError');
    await expectSent(visitor, ['/app/fails']);
  });
});

describe('Returning to a page in the back/forward cache', () => {
  it('is counted as another view', async () => {
    const { page } = visitor;
    site.contents = () =>
      `<script>addEventListener('pageshow', ({ persisted }) => (window.persisted = persisted))</script>${scriptTag('defer')}`;
    await page.goto('/kept');
    await page.goto('/elsewhere');
    await page.goBack({ waitUntil: 'commit' });
    await waitFor(() => page.evaluate<boolean>('window.persisted === true'));
    await expectSent(visitor, ['/kept', '/elsewhere', '/kept']);
    await expectCount('/kept', 2);
  });
});

describe('A prerendered page', () => {
  it('is counted when the visitor opens it', async () => {
    const { page, sent, context } = visitor;
    await context.addInitScript(`
      let prerendering = location.pathname === '/ready';
      Object.defineProperty(document, 'prerendering', { get: () => prerendering });
      window.activate = () => {
        prerendering = false;
        document.dispatchEvent(new Event('prerenderingchange'));
      };
    `);
    await page.goto('/ready');
    await page.evaluate(`history.replaceState(null, '', '/ready/made')`);
    expect(sent).toEqual([]);
    await page.evaluate('window.activate()');
    await expectSent(visitor, ['/ready/made']);
  });
});

describe('A script with data-respect-dnt', () => {
  it.each([
    ['doNotTrack', `'1'`],
    ['globalPrivacyControl', 'true'],
  ])('skips a visitor who sends %s, whom a script without it counts', async (signal, value) => {
    const { page, sent, context } = visitor;
    await context.addInitScript(
      `Object.defineProperty(Navigator.prototype, '${signal}', { get: () => ${value} })`,
    );
    site.contents = (path) => scriptTag(path === '/respects' ? 'defer data-respect-dnt' : 'defer');
    await page.goto('/respects');
    await page.evaluate(`history.pushState(null, '', '/respects/this')`);
    await page.goto('/counts-all');
    await waitFor(() => sent.length);
    await expectSent(visitor, ['/counts-all']);
  });

  it('counts a visitor who sends neither signal', async () => {
    site.contents = () => scriptTag('defer data-respect-dnt');
    await visitor.page.goto('/open');
    await expectSent(visitor, ['/open']);
  });
});
