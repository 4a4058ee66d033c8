import type { ReasonNotToCount } from '../visits/countable';

/** The header that says why a call was not counted; none where it was. */
export function notCountedHeaders(reason: ReasonNotToCount | undefined): Record<string, string> {
  return reason ? { 'footfall-not-counted': reason } : {};
}
