import type { Browser, Page } from 'playwright-core';
import { closePages, desktop, openPage, phone, startBrowser, storageOf } from '../support/browser';
import { endAll } from '../support/cleanup';
import { send } from '../support/http';
import { ownerEmail, startOwnerWorld, type OwnerWorld } from '../support/owner';
import { waitFor } from '../support/runner';
import { adminEmail } from '../support/signIn';

let browser: Browser;
let world: OwnerWorld;
let url: string;

beforeAll(async () => {
  browser = await startBrowser();
  world = await startOwnerWorld();
  ({ url } = world.runner);
  for (const tag of ['blog/one', 'blog/one', 'spam']) await visit(tag);
  await waitFor(async () => (await readTotal()) === 3);
}, 90_000);

afterEach(closePages);
afterAll(endAll);

const visit = (tag: string) => send(url, `/tags/${tag}`);
const contents = (page: Page) => page.getByRole('main').innerText();
const press = (page: Page, name: string) => page.getByRole('button', { name }).click();
const follow = (page: Page, name: string) => page.getByRole('link', { name }).first().click();

async function readTotal(): Promise<number> {
  const { body } = await world.admin.get('/restricted', { accept: 'application/json' });
  return (JSON.parse(body) as { total: number }).total;
}

describe.each([
  ['with scripts', true, adminEmail, 'blog/one', 'spam'],
  ['without scripts', false, ownerEmail, 'blog/two', 'more-spam'],
])('An owner %s', (_, javaScriptEnabled, email, tag, spam) => {
  it('signs in, sets a starting count, deletes a tag, opens the other pages and signs out', async () => {
    for (const visited of [tag, spam]) await visit(visited);
    const page = await openPage(browser, url, { ...desktop, javaScriptEnabled, locale: 'en-US' });
    await page.goto('/restricted');
    await (email === adminEmail ? acceptInvitation(page) : signIn(page, email));
    await page.getByRole('heading', { name: 'Dashboard' }).waitFor();

    await page.getByLabel('Change a tag').fill(tag);
    await press(page, 'Open tag');
    await page.getByLabel('Visits', { exact: true }).fill('48250');
    await page.getByLabel('Source of this number').fill('the old site');
    await press(page, 'Set starting count…');
    expect(await contents(page)).toContain(`Show 48,250 visits before Footfall (the old site)`);
    await follow(page, 'No, go back');
    await page.getByLabel('Visits', { exact: true }).fill('48250');
    await page.getByLabel('Source of this number').fill('the old site');
    await press(page, 'Set starting count…');
    await press(page, 'Yes');
    expect(await page.getByRole('status').innerText()).toBe('Done.');
    await follow(page, 'View counts');
    expect(await contents(page)).toMatch(/visits before Footfall: the old site\s+48,250/);

    await page.goto(`/restricted/tags?tag=${spam}`);
    await press(page, 'Delete tag…');
    expect(await contents(page)).toMatch(`Delete the tag "${spam}" with its`);
    await press(page, 'Yes');
    await follow(page, 'All counts');
    await page.getByLabel('Tags that begin with').fill(spam);
    await press(page, 'Find');
    expect(await contents(page)).toContain('No matching tags.');
    await page.goto('/counts');
    expect(await page.getByRole('table').innerText()).toContain(tag);

    await follow(page, 'Members');
    expect(await page.getByRole('table').innerText()).toContain(email);
    await follow(page, 'Dashboard');
    expect(await contents(page)).toContain(`${spam}: deleted`);
    await press(page, 'Sign out');
    await page.goto('/restricted');
    expect(new URL(page.url()).pathname).toBe('/login');
  }, 60_000);
});

it('The demo user signs in with one click and sees the pages of an administrator', async () => {
  const page = await openPage(browser, url, phone);
  await page.goto('/login');
  await press(page, 'Quick log in');
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
  await page.getByLabel('Change a tag').waitFor();
  await follow(page, 'Members');
  expect(await page.getByRole('table').innerText()).toContain('demo@example.com');
});

describe('An open dashboard', () => {
  async function openDashboard(): Promise<{ page: Page; refreshes: string[] }> {
    const page = await openPage(browser, url, { ...phone, storageState: storageOf(world.admin, url) });
    const refreshes: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('?live')) refreshes.push(request.url());
    });
    await page.clock.install();
    // In a headless browser, pages are never hidden.
    await page.addInitScript(
      "Object.defineProperty(document, 'hidden', { get: () => window.isHidden === true })",
    );
    await page.goto('/restricted');
    await page.evaluate(watchShifts);
    return { page, refreshes };
  }
  const shownTotal = async (page: Page) => Number(await page.locator('[data-live=total]').innerText());

  it('refreshes its numbers every 30 seconds without a reload or a layout shift', async () => {
    const { page, refreshes } = await openDashboard();
    const before = await shownTotal(page);
    for (let visits = 0; visits < 12; visits += 1) await visit('live');
    await waitFor(async () => (await readTotal()) === before + 12);
    await page.clock.runFor(25_000);
    expect(refreshes).toEqual([]);
    await page.clock.runFor(6_000);
    await waitFor(async () => (await shownTotal(page)) === before + 12);
    expect(refreshes).toHaveLength(1);
    expect(await page.evaluate('window.shifts')).toBe(0);
  });

  it('pauses while it is hidden and refreshes as soon as it is visible', async () => {
    const { page, refreshes } = await openDashboard();
    const before = await shownTotal(page);
    await page.evaluate('window.isHidden = true');
    await visit('live');
    await waitFor(async () => (await readTotal()) === before + 1);
    await page.clock.runFor(600_000);
    expect(refreshes).toEqual([]);
    await page.evaluate("window.isHidden = false; document.dispatchEvent(new Event('visibilitychange'))");
    await waitFor(async () => (await shownTotal(page)) === before + 1);
    expect(refreshes).toHaveLength(1);
  });
});

async function acceptInvitation(page: Page): Promise<void> {
  const temporary = new RegExp(`${adminEmail}, temporary password (\\S+)`).exec(world.runner.output())?.[1];
  await signIn(page, adminEmail, temporary);
  await page.getByLabel('New password').fill('A-horse-of-my-own-1');
  await page.getByLabel('Repeat password').fill('A-horse-of-my-own-1');
  await press(page, 'Save and sign in');
}

async function signIn(page: Page, email: string, password = 'Correct-horse-battery-1'): Promise<void> {
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** A string, because it runs in the browser. */
const watchShifts = `window.shifts = 0;
new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (window.shifts += value)))
  .observe({ type: 'layout-shift', buffered: true })`;
