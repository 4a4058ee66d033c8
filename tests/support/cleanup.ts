type End = () => Promise<void> | void;

const ends: End[] = [];

/** Has something ended by `endAll`, even when what comes after it in `beforeAll` fails. */
export function endLater(end: End): void {
  ends.push(end);
}

/** For `afterAll`: ends what was started, the last first, whatever becomes of the others. */
export async function endAll(): Promise<void> {
  const failures: unknown[] = [];
  for (let end = ends.pop(); end; end = ends.pop()) {
    try {
      await end();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length) throw new AggregateError(failures, `Not all ended well: ${failures.join('; ')}`);
}
