import type { Browser, BrowserContext, Page } from 'playwright-core';
import { waitFor } from '../support/runner';

/** A visitor with a fresh browser. */
export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** The tags of all beacons sent so far. */
  sent: string[];
  /** Everything that the console logged and scripts threw. */
  messages: string[];
}

/** @param baseURL the site that paths refer to */
export async function welcomeVisitor(browser: Browser, baseURL: string): Promise<Visitor> {
  const context = await browser.newContext({ baseURL });
  const sent: string[] = [];
  const messages: string[] = [];
  context.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === '/visits') sent.push(searchParams.get('tag') ?? '');
  });
  context.on('console', (message) => messages.push(message.text()));
  context.on('weberror', (error) => messages.push(error.error().message));
  return { context, page: await context.newPage(), sent, messages };
}

/** Expects beacons for exactly these tags. It first triggers one more and waits for it, so that earlier ones have been sent. */
export async function expectSent({ page, sent }: Visitor, tags: string[]): Promise<void> {
  const last = '/last';
  await page.evaluate(`history.pushState(null, '', '${last}')`);
  await waitFor(() => sent.includes(last));
  expect(sent).toEqual([...tags, last]);
}
