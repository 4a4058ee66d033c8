import { setTimeout as delay } from 'node:timers/promises';
import { send } from '../../tests/support/http';

/** What became of one visit. */
export interface Outcome {
  tag: string;
  status: number;
  retryAfter: string | undefined;
  tookMs: number;
}

export interface Offer {
  /** Visits a second of each tag. */
  perSecond: Map<string, number>;
  seconds: number;
}

/**
 * Sends visits at their own pace, whether or not earlier ones have been answered, as visitors do; by both doors in turn.
 * @returns what became of each, once all are answered
 */
export async function offerVisits(url: string, { perSecond, seconds }: Offer): Promise<Outcome[]> {
  const plan = [...perSecond].flatMap(([tag, rate]) =>
    Array.from({ length: rate * seconds }, (_, visit) => ({
      tag,
      visit,
      atMs: ((visit + 0.5) * 1_000) / rate,
    })),
  );
  plan.sort((one, other) => one.atMs - other.atMs);
  const begin = performance.now();
  const outcomes: Promise<Outcome>[] = [];
  for (const { tag, visit, atMs } of plan) {
    const wait = begin + atMs - performance.now();
    if (wait > 0) await delay(wait);
    outcomes.push(sendVisit(url, tag, visit % 2 === 0));
  }
  return Promise.all(outcomes);
}

async function sendVisit(url: string, tag: string, byWebDoor: boolean): Promise<Outcome> {
  const begin = performance.now();
  const { status, headers } = await (byWebDoor
    ? send(url, `/tags/${tag}`)
    : send(url, `/visits?tag=${tag}`, { method: 'POST' }));
  const retryAfter = headers['retry-after'];
  return {
    tag,
    status,
    retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
    tookMs: performance.now() - begin,
  };
}

export const isCounted = ({ status }: Outcome): boolean => status === 200 || status === 204;
