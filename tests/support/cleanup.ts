type End = () => Promise<void> | void;

const ends: End[] = [];

/** Registers a cleanup for `endAll`, which runs it even if the rest of `beforeAll` fails. */
export function endLater(end: End): void {
  ends.push(end);
}

/** For `afterAll`: runs every cleanup, the last one first, even if others fail. */
export async function endAll(): Promise<void> {
  const failures: unknown[] = [];
  for (let end = ends.pop(); end; end = ends.pop()) {
    try {
      await end();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length) throw new AggregateError(failures, `Some cleanups failed: ${failures.join('; ')}`);
}
