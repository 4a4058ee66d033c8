import { setTimeout as delay } from 'node:timers/promises';
import { send } from '../../tests/support/http';

/** The answer to one visit. */
export interface Outcome {
  tag: string;
  status: number;
  retryAfter: string | undefined;
  tookMs: number;
}

export interface Offer {
  /** Visits a second by tag. */
  perSecond: Map<string, number>;
  seconds: number;
}

/**
 * Sends visits at a fixed rate without waiting for earlier answers, as visitors do. The web API and the beacon API take
 * turns.
 * @returns the outcomes, once all visits are answered
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
  const startMs = performance.now();
  const outcomes: Promise<Outcome>[] = [];
  for (const { tag, visit, atMs } of plan) {
    const waitMs = startMs + atMs - performance.now();
    if (waitMs > 0) await delay(waitMs);
    outcomes.push(sendVisit(url, tag, visit % 2 === 0));
  }
  return Promise.all(outcomes);
}

async function sendVisit(url: string, tag: string, useWebApi: boolean): Promise<Outcome> {
  const startMs = performance.now();
  const { status, headers } = await (useWebApi
    ? send(url, `/tags/${tag}`)
    : send(url, `/visits?tag=${tag}`, { method: 'POST' }));
  const retryAfter = headers['retry-after'];
  return {
    tag,
    status,
    retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
    tookMs: performance.now() - startMs,
  };
}

export const isCounted = ({ status }: Outcome): boolean => status === 200 || status === 204;
