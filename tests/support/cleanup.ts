type End = () => Promise<void> | void;

const ends: End[] = [];

/** Has something ended by `endAll`, even when what comes after it in `beforeAll` fails. */
export function endLater(end: End): void {
  ends.push(end);
}

/** For `afterAll`: ends what was started, the last first. */
export async function endAll(): Promise<void> {
  for (let end = ends.pop(); end; end = ends.pop()) await end();
}
