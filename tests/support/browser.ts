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

/** No Chromium is installed at the expected path. */
class ChromiumMissingError extends Error {
  constructor(path: string) {
    super(
      `There is no Chromium at ${path}. Install one (on Debian: apt-get install chromium) or set CHROMIUM_PATH to one.`,
    );
  }
}

/** The devices that pages are tested on. */
export const phone: BrowserContextOptions = { viewport: { width: 320, height: 640 }, deviceScaleFactor: 2 };
export const desktop: BrowserContextOptions = { viewport: { width: 1_280, height: 800 } };

/** The open pages, and the faults that they reported. */
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

/** Opens an empty page in a fresh browser context. Its relative paths resolve against `url`. */
export async function openPage(browser: Browser, url: string, device: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ ...device, baseURL: url });
  contexts.push(context);
  const page = await context.newPage();
  const { origin } = new URL(url);
  page.on('request', (request) => {
    const address = new URL(request.url());
    if (address.protocol !== 'data:' && address.origin !== origin) faults.push(`It called ${address.href}.`);
  });
  // The console also reports violations of the Content-Security-Policy.
  page.on('console', (message) => {
    // Chromium logs each page with an error status; the test checks the status itself.
    if (message.location().url === page.url() && message.text().startsWith('Failed to load resource')) return;
    if (['error', 'warning'].includes(message.type())) faults.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => {
    faults.push(`${page.url()}: ${error.message}`);
  });
  return page;
}

/** The storage state that signs a browser in with another one's cookies. */
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
 * For `afterEach`: closes the pages.
 * @throws Error if a page logged an error, violated its Content-Security-Policy, or called another origin
 */
export async function closePages(): Promise<void> {
  const [opened, found] = [contexts, faults];
  [contexts, faults] = [[], []];
  await Promise.all(opened.map((context) => context.close()));
  if (found.length) throw new Error(found.join('\n'));
}
