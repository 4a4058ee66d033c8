import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBrowser } from '../support/browser';
import { endAll } from '../support/cleanup';
import { projectFolder } from '../support/engine';

/**
 * Makes docs/film-strip.png from the screenshots that `npm run test:browser` leaves in .screenshots/:
 * `node --import tsx tests/browser/filmStrip.ts`, then `pngquant --force --ext .png docs/film-strip.png`.
 */
const width = 1_600;
const height = 560;

/** The width of each screenshot in the strip. Its height follows; whatever exceeds the strip's height is cut off. */
const pictures = [
  { file: 'dashboard-desktop-light', width: 560 },
  { file: 'list-phone-light', width: 210 },
  { file: 'counts-90-days-desktop-dark', width: 430 },
  { file: 'dashboard-phone-dark', width: 210 },
];

async function main(): Promise<void> {
  const browser = await startBrowser();
  const page = await browser.newPage({ viewport: { width, height } });
  const images = pictures.map(({ file, width: across }) => {
    const data = readFileSync(join(projectFolder, '.screenshots', `${file}.png`)).toString('base64');
    return `<div style="width:${across}px"><img src="data:image/png;base64,${data}"></div>`;
  });
  await page.setContent(`<!doctype html><style>
body { margin: 0; padding: 32px 40px 0; height: ${height}px; box-sizing: border-box; display: flex; gap: 32px;
  align-items: flex-start; justify-content: space-between; background: #dfe6e1; overflow: hidden }
div { border-radius: 12px 12px 0 0; overflow: hidden; box-shadow: 0 0 0 1px #0002 }
img { display: block; width: 100% }</style>${images.join('')}`);
  await page.screenshot({ path: join(projectFolder, 'docs/film-strip.png') });
  await endAll();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
