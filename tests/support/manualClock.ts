import type { Clock } from '../../local/streams/clock';

/** Long enough for a busy machine: it only ends a wait for a condition that never holds. */
const patienceMs = 120_000;

/** A clock that advances only when the test runs it. */
export class ManualClock implements Clock {
  #nowMs = Date.UTC(2024, 4, 1, 12);
  #sleepers: { atMs: number; wake: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  get sleeperCount(): number {
    return this.#sleepers.length;
  }

  sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const wake = () => {
        this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.wake !== wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      signal.addEventListener('abort', wake);
      this.#sleepers.push({ atMs: this.#nowMs + durationMs, wake });
    });
  }

  /** Wakes the sleepers in order until the condition holds. @throws Error if it never does */
  async runUntil(isMet: () => boolean): Promise<void> {
    const endMs = Date.now() + patienceMs;
    for (;;) {
      // The turns of the event loop let the woken code reach its next sleep.
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
      if (isMet()) return;
      if (Date.now() > endMs) throw new Error('The condition was not met in time.');
      const next = this.#sleepers.sort((left, right) => left.atMs - right.atMs).at(0);
      if (next === undefined) continue;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.wake();
    }
  }
}
