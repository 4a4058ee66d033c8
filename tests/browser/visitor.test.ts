import type { Browser, Page } from 'playwright-core';
import { closePages, desktop, openPage, phone, startBrowser } from '../support/browser';
import { endAll } from '../support/cleanup';
import { createTestClient } from '../support/engine';
import { engineOf, makeFolder, startRunnerProcess } from '../support/runner';
import { oldTag, writeHistory } from './seed';

let browser: Browser;
let url: string;

beforeAll(async () => {
  browser = await startBrowser();
  const runner = await startRunnerProcess(makeFolder());
  const client = createTestClient(engineOf(runner));
  await writeHistory(client, Date.now(), 'boss@example.com');
  client.destroy();
  ({ url } = runner);
}, 60_000);

afterEach(closePages);
afterAll(endAll);

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).innerText();
const contents = (page: Page) => page.getByRole('main').innerText();

describe.each([
  ['with scripts', true],
  ['without scripts', false],
])('A visitor %s', (_, javaScriptEnabled) => {
  const tag = `a tag/with "quotes" & 100% ${javaScriptEnabled ? 'js' : 'html'}`;

  it('opens the home page, counts a visit, views the counts and chooses a period', async () => {
    const page = await openPage(browser, url, { ...phone, javaScriptEnabled });
    await page.goto('/');
    await page.getByLabel('Tag').fill(tag);
    await page.getByRole('button', { name: 'Count a visit' }).click();
    expect(await heading(page)).toBe('YOUR VISIT COUNTS.');
    expect(await contents(page)).toContain(`The tag "${tag}" has 1 total visits.`);

    await page.getByRole('link', { name: 'View counts' }).click();
    expect(await contents(page)).toContain(`The tag "${tag}" has 1 total visits.`);
    const ranges = page.getByRole('navigation', { name: 'Chart period' });
    for (const days of [7, 90, 366, 30]) {
      await ranges.getByRole('link', { name: `${days} days` }).click();
      expect(await ranges.locator('[aria-current]').innerText()).toBe(`${days} days`);
    }
    await page.getByText('Show as table').click();
    expect(await page.getByRole('row').count()).toBe(31);

    await page.getByRole('link', { name: 'Footfall' }).click();
    expect(await heading(page)).toBe('Visit counts that add up');
  });

  it('views the counts of a tag from the home page without counting a visit', async () => {
    const page = await openPage(browser, url, { ...desktop, javaScriptEnabled });
    await page.goto('/Prod/');
    await page.getByLabel('Tag').fill(oldTag.name);
    await page.getByRole('button', { name: 'View counts' }).click();
    expect(new URL(page.url()).pathname).toBe(`/Prod/counts/${oldTag.name}`);
    expect(await contents(page)).toContain(`The tag "${oldTag.name}" has ${oldTag.count} total visits.`);
  });

  it('learns from an error page why a tag is invalid and returns to the home page', async () => {
    const page = await openPage(browser, url, { ...desktop, javaScriptEnabled });
    await page.goto('/');
    await page.getByLabel('Tag').fill('COUNTER');
    await page.getByLabel('Tag').press('Enter');
    expect(await contents(page)).toContain('The tag COUNTER is reserved for the total.');
    await page.getByRole('link', { name: 'Go to the home page' }).click();
    expect(await heading(page)).toBe('Visit counts that add up');
  });
});

describe('The keyboard', () => {
  it('reaches every control in order, with a visible focus', async () => {
    const page = await openPage(browser, url, desktop);
    await page.goto('/');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to content');
    expect((await page.getByText('Skip to content').boundingBox())?.y).toBeGreaterThan(0);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('tag');

    await page.keyboard.type('keys');
    await page.keyboard.press('Enter');
    await page.getByText('YOUR VISIT COUNTS.').waitFor();
    await tabTo(page, 'View counts');
    await page.keyboard.press('Enter');
    await page.getByText('Counts for').waitFor();
    await tabTo(page, '7 days');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/counts/keys?days=7');
    await tabTo(page, 'Show as table');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('row').count()).toBe(8);
  });
});

describe("A reader's language", () => {
  it.each([
    ['de-DE', '31.337', 'Okt.'],
    ['fr-FR', '31\u202f337', 'oct.'],
    ['en-US', '31,337', 'Oct'],
    ['tlh', '31,337', 'Oct'],
  ])(
    '%s formats the large number as %s and the month as %s, but keeps the fixed sentence unformatted',
    async (locale, grouped, month) => {
      const page = await openPage(browser, url, { ...desktop, locale });
      await page.goto(`/counts/${oldTag.name}?from=2026-10-01&to=2026-10-02`);
      expect(await page.getByRole('definition').first().innerText()).toBe(grouped);
      expect(await page.getByRole('figure').innerText()).toContain(month);
      expect(await contents(page)).toContain(`The tag "${oldTag.name}" has ${oldTag.count} total visits.`);
    },
  );
});

function focused(page: Page): Promise<string> {
  return page.evaluate('document.activeElement.innerText');
}

/** Presses Tab until an element with this text has the focus. Each element on the way must show a focus outline. */
async function tabTo(page: Page, text: string): Promise<void> {
  for (let presses = 0; presses < 20; presses += 1) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    if ((await focused(page)) === text) return;
  }
  throw new Error(`Tab does not reach ${text}.`);
}
