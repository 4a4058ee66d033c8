import { existsSync } from 'node:fs';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type LaunchOptions,
  type Page,
} from 'playwright-core';
import { endLater } from './cleanup';

/** There is no browser to test with. */
class ChromiumMissingError extends Error {
  constructor(path: string) {
    super(
      `There is no Chromium at ${path}. Install one (on Debian: apt-get install chromium) or set CHROMIUM_PATH to one.`,
    );
  }
}

/** How somebody looks at a page. */
export const phone: BrowserContextOptions = { viewport: { width: 320, height: 640 }, deviceScaleFactor: 2 };
export const desktop: BrowserContextOptions = { viewport: { width: 1_280, height: 800 } };

/** The pages that are open, and what went wrong in them. */
let contexts: BrowserContext[] = [];
let faults: string[] = [];

/** Starts the machine's own Chromium. @throws ChromiumMissingError */
export async function startBrowser(options: LaunchOptions = {}): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) throw new ChromiumMissingError(executablePath);
  // Chromium's sandbox does not start for root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args, ...options });
  endLater(() => browser.close());
  return browser;
}

/** An empty page of a browser that has been nowhere yet. Paths that it is sent to are those under `url`. */
export async function openPage(browser: Browser, url: string, how: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ ...how, baseURL: url });
  contexts.push(context);
  const page = await context.newPage();
  const { origin } = new URL(url);
  page.on('request', (request) => {
    const address = new URL(request.url());
    if (address.protocol !== 'data:' && address.origin !== origin) faults.push(`It called ${address.href}.`);
  });
  // Violations of the Content-Security-Policy come this way too.
  page.on('console', (message) => {
    // Chromium complains of each page that is an error itself; its status is the test's business.
    if (message.location().url === page.url() && message.text().startsWith('Failed to load resource')) return;
    if (['error', 'warning'].includes(message.type())) faults.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => {
    faults.push(`${page.url()}: ${error.message}`);
  });
  return page;
}

/** What a browser keeps that is signed in as another one is. */
export function storageOf({ cookies }: { cookies: ReadonlyMap<string, string> }, url: string) {
  return { cookies: [...cookies].map(([name, value]) => cookieOf(name, value, url)), origins: [] };
}

function cookieOf(name: string, value: string, url: string) {
  const { hostname: domain } = new URL(url);
  return {
    name,
    value,
    domain,
    path: '/',
    expires: -1,
    httpOnly: true,
    secure: name.startsWith('__'),
    sameSite: 'Lax' as const,
  };
}

/**
 * For `afterEach`: closes the pages. None of them may have logged an error, broken its Content-Security-Policy, or called
 * another origin.
 * @throws Error
 */
export async function closePages(): Promise<void> {
  const [opened, found] = [contexts, faults];
  [contexts, faults] = [[], []];
  await Promise.all(opened.map((context) => context.close()));
  if (found.length) throw new Error(found.join('\n'));
}
