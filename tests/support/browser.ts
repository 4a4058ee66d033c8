import { existsSync } from 'node:fs';
import { chromium, type Browser, type LaunchOptions } from 'playwright-core';
import { endLater } from './cleanup';

/** There is no browser to test with. */
class ChromiumMissingError extends Error {
  constructor(path: string) {
    super(
      `There is no Chromium at ${path}. Install one (on Debian: apt-get install chromium) or set CHROMIUM_PATH to one.`,
    );
  }
}

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
