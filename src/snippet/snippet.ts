import { createHash } from 'node:crypto';
import { minified } from './minified';

/** The exact script that `/footfall.js` serves. */
export const snippet = minified;

/** Identifies these bytes. A URL with this version never changes its content, so browsers may cache it forever. */
export const snippetVersion = createHash('sha256').update(snippet).digest('hex').slice(0, 12);

/** The script's value for the `integrity` attribute, https://www.w3.org/TR/SRI/. */
export function snippetIntegrity(): string {
  return `sha384-${createHash('sha384').update(snippet).digest('base64')}`;
}
