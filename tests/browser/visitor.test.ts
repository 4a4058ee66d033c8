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

  it('comes home, tries a tag, looks at its counts and picks a range', async () => {
    const page = await openPage(browser, url, { ...phone, javaScriptEnabled });
    await page.goto('/');
    await page.getByLabel('Tag').fill(tag);
    await page.getByRole('button', { name: 'Count a visit' }).click();
    expect(await heading(page)).toBe('YOUR VISIT COUNTS.');
    expect(await contents(page)).toContain(`The tag "${tag}" has 1 total visits.`);

    await page.getByRole('link', { name: 'Look at its counts' }).click();
    expect(await contents(page)).toContain(`The tag "${tag}" has 1 total visits.`);
    const ranges = page.getByRole('navigation', { name: 'How many days' });
    for (const days of [7, 90, 366, 30]) {
      await ranges.getByRole('link', { name: `${days} days` }).click();
      expect(await ranges.locator('[aria-current]').innerText()).toBe(`${days} days`);
    }
    await page.getByText('The same as a table').click();
    expect(await page.getByRole('row').count()).toBe(31);

    await page.getByRole('link', { name: 'Footfall' }).click();
    expect(await heading(page)).toBe('Visit counts that add up');
  });

  it('sees the counts of a tag from the home page, and counts nothing by it', async () => {
    const page = await openPage(browser, url, { ...desktop, javaScriptEnabled });
    await page.goto('/Prod/');
    await page.getByLabel('Tag').fill(oldTag.name);
    await page.getByRole('button', { name: 'Only show its counts' }).click();
    expect(new URL(page.url()).pathname).toBe(`/Prod/counts/${oldTag.name}`);
    expect(await contents(page)).toContain(`The tag "${oldTag.name}" has ${oldTag.count} total visits.`);
  });

  it('is told on a page what is wrong with a tag, and finds home from there', async () => {
    const page = await openPage(browser, url, { ...desktop, javaScriptEnabled });
    await page.goto('/');
    await page.getByLabel('Tag').fill('COUNTER');
    await page.getByLabel('Tag').press('Enter');
    expect(await contents(page)).toContain('The tag COUNTER is reserved for the total.');
    await page.getByRole('link', { name: 'To the home page' }).click();
    expect(await heading(page)).toBe('Visit counts that add up');
  });
});

describe('The keyboard alone', () => {
  it('reaches everything in order, and the focus is always to be seen', async () => {
    const page = await openPage(browser, url, desktop);
    await page.goto('/');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to the content');
    expect((await page.getByText('Skip to the content').boundingBox())?.y).toBeGreaterThan(0);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('tag');

    await page.keyboard.type('keys');
    await page.keyboard.press('Enter');
    await page.getByText('YOUR VISIT COUNTS.').waitFor();
    await tabTo(page, 'Look at its counts');
    await page.keyboard.press('Enter');
    await page.getByText('Counts of').waitFor();
    await tabTo(page, '7 days');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/counts/keys?days=7');
    await tabTo(page, 'The same as a table');
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
    '%s has the big number as %s, a day of %s, and the sentence as it is',
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

/** Presses Tab until an element of this text has the focus; on the way each one shows it. */
async function tabTo(page: Page, text: string): Promise<void> {
  for (let presses = 0; presses < 20; presses += 1) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    if ((await focused(page)) === text) return;
  }
  throw new Error(`Tab does not reach ${text}.`);
}
