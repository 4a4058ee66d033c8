import { createHash } from 'node:crypto';
import { minified } from './minified';

/** The script as `/footfall.js` serves it, to the byte. */
export const snippet = minified;

/** Names these very bytes: an address with it may be kept for good. */
export const snippetVersion = createHash('sha256').update(snippet).digest('hex').slice(0, 12);

/** What a page may hold the script to: https://www.w3.org/TR/SRI/. */
export function snippetIntegrity(): string {
  return `sha384-${createHash('sha384').update(snippet).digest('base64')}`;
}
