import { AdminCreateUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import AxeBuilder from '@axe-core/playwright';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { closePages, desktop, openPage, phone, startBrowser, storageOf } from '../support/browser';
import { endAll } from '../support/cleanup';
import { projectFolder } from '../support/engine';
import { ownerEmail, startOwnerWorld } from '../support/owner';
import { invited, pages, type PageToSee } from './pages';
import { writeHistory } from './seed';

const screenshots = join(projectFolder, '.screenshots');
const maxTransferBytes = 30 * 1_024;

let browser: Browser;
let url: string;
let owner: NonNullable<BrowserContextOptions['storageState']>;

beforeAll(async () => {
  rmSync(screenshots, { recursive: true, force: true });
  browser = await startBrowser();
  const world = await startOwnerWorld();
  await writeHistory(world.table, Date.now(), ownerEmail);
  await world.cognito.send(
    new AdminCreateUserCommand({
      UserPoolId: world.poolId,
      Username: invited.email,
      TemporaryPassword: invited.password,
      MessageAction: 'SUPPRESS',
    }),
  );
  ({ url } = world.runner);
  owner = storageOf(world.admin, url);
}, 90_000);

afterEach(closePages);
afterAll(endAll);

const looks = [
  { how: 'on a phone, light', file: 'phone-light', options: { ...phone, colorScheme: 'light' } },
  { how: 'on a phone, dark', file: 'phone-dark', options: { ...phone, colorScheme: 'dark' } },
  { how: 'on a desktop, light', file: 'desktop-light', options: { ...desktop, colorScheme: 'light' } },
  { how: 'on a desktop, dark', file: 'desktop-dark', options: { ...desktop, colorScheme: 'dark' } },
] as const;

describe.each(pages)('The page $name', ({ name, path, status = 200, asOwner, act }: PageToSee) => {
  const open = (how: BrowserContextOptions) =>
    openPage(browser, url, { ...how, ...(asOwner ? { storageState: owner } : {}) });

  it.each(looks)(
    'passes axe, fits the screen and does not shift $how',
    async ({ file, options }) => {
      const page = await open(options);
      expect((await page.goto(path))?.status()).toBe(status);
      await act?.(page);
      // Measured first: a full-page screenshot makes the window as tall as the page.
      expect(await page.evaluate(layoutShift)).toBe(0);
      await page.screenshot({ path: join(screenshots, `${name}-${file}.png`), fullPage: true });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      expect(await page.evaluate(overflowingPixels)).toBe(0);
    },
    60_000,
  );

  it('loads less than 30 KB', async () => {
    const page = await open(desktop);
    const sizes = collectSizes(page);
    await page.goto(path);
    const before = act ? await sizes() : 0;
    await act?.(page);
    const bytes = (await sizes()) - before;
    expect(bytes).toBeGreaterThan(1_000);
    expect(bytes).toBeLessThan(maxTransferBytes);
  });
});

/** A string, because it runs in the browser. */
const overflowingPixels = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

/** The observer receives earlier shifts in a separate task, which has run after two frames. */
const layoutShift = `new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (sum += value)))
    .observe({ type: 'layout-shift', buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
})`;

/** Adds up the bytes that a page loads, including headers. */
function collectSizes(page: Page): () => Promise<number> {
  const sizes: Promise<number>[] = [];
  page.on('requestfinished', (request) => {
    if (request.url().startsWith('data:')) return;
    sizes.push(
      request
        .sizes()
        .then(({ responseBodySize, responseHeadersSize }) => responseBodySize + responseHeadersSize),
    );
  });
  return async () => (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
