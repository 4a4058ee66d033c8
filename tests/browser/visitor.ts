import type { Browser, BrowserContext, Page } from 'playwright-core';
import { waitFor } from '../support/runner';

/** Somebody with a browser that has been nowhere yet. */
export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** The tags of the beacons that were sent so far. */
  sent: string[];
  /** What the console and scripts had to complain of. */
  complaints: string[];
}

/** @param baseURL the site that the visitor's paths are on */
export async function welcomeVisitor(browser: Browser, baseURL: string): Promise<Visitor> {
  const context = await browser.newContext({ baseURL });
  const sent: string[] = [];
  const complaints: string[] = [];
  context.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === '/visits') sent.push(searchParams.get('tag') ?? '');
  });
  context.on('console', (message) => complaints.push(message.text()));
  context.on('weberror', (error) => complaints.push(error.error().message));
  return { context, page: await context.newPage(), sent, complaints };
}

/** Goes to one more path, which is counted; whatever was to be sent before has been sent by then. */
export async function expectSent({ page, sent }: Visitor, tags: string[]): Promise<void> {
  const last = '/last';
  await page.evaluate(`history.pushState(null, '', '${last}')`);
  await waitFor(() => sent.includes(last), 10_000);
  expect(sent).toEqual([...tags, last]);
}
