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
  await waitFor(async () => (await readTotal()) === 3, 20_000);
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
])('The owner, %s', (_, javaScriptEnabled, email, tag, spam) => {
  it('signs in, sets a starting count, deletes a tag, looks around and signs out', async () => {
    for (const visited of [tag, spam]) await visit(visited);
    const page = await openPage(browser, url, { ...desktop, javaScriptEnabled, locale: 'en-US' });
    await page.goto('/restricted');
    await (email === adminEmail ? acceptInvitation(page) : signIn(page, email));
    await page.getByRole('heading', { name: 'Dashboard' }).waitFor();

    await page.getByLabel('Change a tag').fill(tag);
    await press(page, 'Go to the tag');
    await page.getByLabel('Visits', { exact: true }).fill('48250');
    await page.getByLabel('Where the number comes from').fill('the old site');
    await press(page, 'Set the starting count …');
    expect(await contents(page)).toContain(`Show 48,250 visits before Footfall (the old site)`);
    await follow(page, 'No, go back');
    await page.getByLabel('Visits', { exact: true }).fill('48250');
    await page.getByLabel('Where the number comes from').fill('the old site');
    await press(page, 'Set the starting count …');
    await press(page, 'Yes');
    expect(await page.getByRole('status').innerText()).toBe('Done.');
    await follow(page, 'Its counts');
    expect(await contents(page)).toMatch(/more before Footfall: the old site\s+48,250/);

    await page.goto(`/restricted/tags?tag=${spam}`);
    await press(page, 'Delete the tag …');
    expect(await contents(page)).toMatch(`Delete the tag "${spam}" with its`);
    await press(page, 'Yes');
    await follow(page, 'All counts');
    await page.getByLabel('Tags that begin with').fill(spam);
    await press(page, 'Find');
    expect(await contents(page)).toContain('No tag begins so.');
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

it('Someone who looks around signs in by one click, and sees what an administrator sees', async () => {
  const page = await openPage(browser, url, phone);
  await page.goto('/login');
  await press(page, 'Quick log in');
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
  await page.getByLabel('Change a tag').waitFor();
  await follow(page, 'Members');
  expect(await page.getByRole('table').innerText()).toContain('demo@example.com');
});

describe('The numbers of an open dashboard', () => {
  async function openDashboard(): Promise<{ page: Page; asked: string[] }> {
    const page = await openPage(browser, url, { ...phone, storageState: storageOf(world.admin, url) });
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('?live')) asked.push(request.url());
    });
    await page.clock.install();
    // A headless browser always shows its pages.
    await page.addInitScript(
      "Object.defineProperty(document, 'hidden', { get: () => window.isAway === true })",
    );
    await page.goto('/restricted');
    await page.evaluate(watchShifts);
    return { page, asked };
  }
  const shownTotal = async (page: Page) => Number(await page.locator('[data-live=total]').innerText());

  it('follow the visits every half a minute, without a reload, and move nothing', async () => {
    const { page, asked } = await openDashboard();
    const before = await shownTotal(page);
    for (let visits = 0; visits < 12; visits += 1) await visit('live');
    await waitFor(async () => (await readTotal()) === before + 12, 20_000);
    await page.clock.runFor(25_000);
    expect(asked).toEqual([]);
    await page.clock.runFor(6_000);
    await waitFor(async () => (await shownTotal(page)) === before + 12, 10_000);
    expect(asked).toHaveLength(1);
    expect(await page.evaluate('window.shifts')).toBe(0);
  });

  it('rest while nobody looks, and are fresh as soon as somebody does', async () => {
    const { page, asked } = await openDashboard();
    const before = await shownTotal(page);
    await page.evaluate('window.isAway = true');
    await visit('live');
    await waitFor(async () => (await readTotal()) === before + 1, 20_000);
    await page.clock.runFor(600_000);
    expect(asked).toEqual([]);
    await page.evaluate("window.isAway = false; document.dispatchEvent(new Event('visibilitychange'))");
    await waitFor(async () => (await shownTotal(page)) === before + 1, 10_000);
    expect(asked).toHaveLength(1);
  });
});

async function acceptInvitation(page: Page): Promise<void> {
  const temporary = new RegExp(`${adminEmail}, temporary password (\\S+)`).exec(world.runner.output())?.[1];
  await signIn(page, adminEmail, temporary);
  await page.getByLabel('New password').fill('A-horse-of-my-own-1');
  await page.getByLabel('The same once more').fill('A-horse-of-my-own-1');
  await press(page, 'Set it and sign in');
}

async function signIn(page: Page, email: string, password = 'Correct-horse-battery-1'): Promise<void> {
  await page.getByLabel('Email address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** As text, because it runs in the browser. */
const watchShifts = `window.shifts = 0;
new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (window.shifts += value)))
  .observe({ type: 'layout-shift', buffered: true })`;
