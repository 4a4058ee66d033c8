import { tableNames } from './tables';
import { BrokenInvariantError } from './witness';
import type { World } from './world';

/** Checks the invariants of a drained stream, even after lost records. @throws BrokenInvariantError */
export function checkDrained(world: World): void {
  const { reference, setup } = world;
  const sum = reference.tags.reduce((total, tag) => total + reference.drainedReading(tag), 0);
  const { total, rebuilt, exact } = readCounter(world);
  if (setup.origin === 'workshop' && !exact) {
    expectEqual(
      total,
      setup.workshopTotal + reference.imageDifference,
      'The old total plus the visits since',
    );
    expectEqual(rebuilt, sum, 'The rebuilt total');
  } else expectEqual(total, sum, 'The total of the records that arrived');
  checkDays(world);
}

/** Checks the invariants after reconcile has finished. @throws BrokenInvariantError */
export function checkReconciled(world: World): void {
  const { reference, setup, tables } = world;
  const items = tables.list(tableNames.counts).filter(({ ID }) => ID?.S !== 'COUNTER');
  const counts = items.map(({ ID, Count }) => [ID?.S ?? '', Number(Count?.N)] as const);
  expectEqual(
    JSON.stringify(counts.sort(byTag)),
    JSON.stringify([...reference.counts].sort(byTag)),
    'The counts, which only visitors may change',
  );
  const { total, rebuilt, exact, count } = readCounter(world);
  expectEqual(total, reference.sum, 'The total');
  expectEqual(rebuilt, 0, 'The rebuilt total after the adoption');
  if (setup.origin === 'workshop') {
    expectEqual(exact, true, 'The adoption');
    expectEqual(count, setup.counterVisited ? 3 : 0, 'The Count of the tag COUNTER');
  }
  const rows = new Map(tables.list(tableNames.totals).map(({ ID, Reading }) => [ID?.S, Number(Reading?.N)]));
  for (const tag of reference.tags)
    expectEqual(rows.get(tag) ?? 0, reference.counts.get(tag) ?? 0, `The applied reading of ${tag}`);
  checkDays(world);
}

/** Checks every day of each tag, the sum of its days, and every day of all tags together. */
function checkDays(world: World): void {
  checkTotalDays(world);
  const { reference, tables } = world;
  const days = new Map<string, number>();
  const add = (tag: string, day: string, visits: number) => {
    days.set(`${tag} ${day}`, (days.get(`${tag} ${day}`) ?? 0) + visits);
  };
  for (const { ID, Day, Visits } of tables.list(tableNames.days))
    if (ID?.S !== 'COUNTER') add(ID?.S ?? '', Day?.S ?? '', Number(Visits?.N));
  for (const { ID, Day, Reading, Opening } of tables.list(tableNames.totals))
    if (Day?.S !== undefined) add(ID?.S ?? '', Day.S, Number(Reading?.N) - Number(Opening?.N));
  for (const [tag, applied] of reference.applied) {
    for (const [day, visits] of applied.days) {
      expectEqual(days.get(`${tag} ${day}`) ?? 0, visits, `The visits of ${tag} on ${day}`);
      days.delete(`${tag} ${day}`);
    }
    const sum = [...applied.days.values()].reduce((total, visits) => total + visits, 0);
    expectEqual(sum, applied.entry.count - applied.base, `The sum of the days of ${tag}`);
  }
  for (const [place, visits] of days) expectEqual(visits, 0, `The visits of ${place}, which had none`);
}

function checkTotalDays({ reference, tables }: World): void {
  const counter = tables.list(tableNames.counts).find(({ ID }) => ID?.S === 'COUNTER') ?? {};
  const days = new Map<string, number>();
  for (const [name, value] of Object.entries(counter))
    if (name.startsWith('Day:')) days.set(name.slice(4), Number(value.N));
  for (const { ID, Day, Visits } of tables.list(tableNames.days))
    if (ID?.S === 'COUNTER') days.set(Day?.S ?? '', (days.get(Day?.S ?? '') ?? 0) + Number(Visits?.N));
  const expected = reference.totalDays;
  for (const day of new Set([...days.keys(), ...expected.keys()]))
    expectEqual(days.get(day) ?? 0, expected.get(day) ?? 0, `The visits of all tags on ${day}`);
}

function readCounter({ tables }: World): { total: number; rebuilt: number; exact: boolean; count: number } {
  const item = tables.list(tableNames.counts).find(({ ID }) => ID?.S === 'COUNTER');
  const [total, rebuilt, count] = [item?.TotalViews, item?.Rebuilt, item?.Count].map((value) =>
    Number(value?.N ?? 0),
  );
  return { total: total ?? 0, rebuilt: rebuilt ?? 0, exact: item?.Exact !== undefined, count: count ?? 0 };
}

function byTag([one]: readonly [string, number], [other]: readonly [string, number]): number {
  return one < other ? -1 : 1;
}

function expectEqual<Value>(actual: Value, expected: Value, what: string): void {
  if (actual !== expected)
    throw new BrokenInvariantError(`${what}: ${String(actual)} instead of ${String(expected)}.`);
}
