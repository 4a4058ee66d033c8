import { computeBackoffMs, type Clock } from './clock';

/** The consumer was stopped while it waited for the engine. */
export class StoppedError extends Error {}

const firstWaitMs = 250;
const mostWaitMs = 5_000;

/**
 * Repeats calls to the engine until they succeed, as a throttled or unreachable stream comes back later. It logs the
 * first failure and the recovery, however many callers and attempts there are in between.
 */
export class EndlessRetry {
  #failingCalls = 0;

  constructor(
    private readonly subject: string,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
    private readonly log: (message: string) => void,
  ) {}

  /** @throws StoppedError once the signal aborts; nothing else */
  async run<T>(call: () => Promise<T>): Promise<T> {
    const isStopped = () => this.signal.aborted;
    for (let attempt = 1; ; attempt++) {
      if (isStopped()) throw new StoppedError();
      try {
        const answer = await call();
        if (attempt > 1 && --this.#failingCalls === 0) this.log(`${this.subject} can be read again.`);
        return answer;
      } catch (error) {
        if (isStopped()) throw new StoppedError();
        if (attempt === 1 && ++this.#failingCalls === 1)
          this.log(`${this.subject} cannot be read; trying on. ${String(error)}`);
      }
      await this.clock.sleep(computeBackoffMs(attempt, firstWaitMs, mostWaitMs), this.signal);
    }
  }
}
