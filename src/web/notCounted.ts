import type { VisitOutcome } from '../visits/visits';

/** The header with the reason why a visit was not counted; no header for a counted visit. */
export function notCountedHeaders(outcome: VisitOutcome): Record<string, string> {
  return outcome.kind === 'notCounted' ? { 'footfall-not-counted': outcome.reason } : {};
}
