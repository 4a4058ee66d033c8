import type { Clock } from '../aws/clock';
import type { Report } from './applyBatch';
import { dayOf } from '../days/day';
import type { Look, Progress, ReconcileStore, WalkedTable } from './reconcileStore';

export interface ReconcileSurroundings {
  clock: Clock;
  /** As `Math.random`: marks what this run makes. */
  random: () => number;
  /** Milliseconds until the function is stopped. */
  remainingMs: () => number;
  report: Report;
}

/** What one run found. Differences are visits that a tag's count and its row are apart, whatever the sign. */
export interface ReconcileReport {
  /** Items of the counts table and rows of the totals table that this run read. */
  tagsRead: number;
  rowsRead: number;
  /** Tags whose row stayed behind, and was asked for. */
  tagsBehind: number;
  differenceBefore: number;
  differenceAfter: number;
  /** How much of both tables is read, over all runs of this walk: 0 to 1. */
  progress: number;
  /** Whether the walk came to its end; else the next run goes on from here. */
  finished: boolean;
  /** Whether the grand total is still one that came from elsewhere. */
  rebuilding: boolean;
}

/** Parallel scans a table, and items a page of each. */
const segments = 4;
const pageItems = 250;
/** A row that is behind is looked at again after this time. The stream is read four times a second. */
const settleMs = 5_000;
/** Asks go out at 100 a second at most, a tenth of what a partition takes. */
const askPauseMs = 10;
/** How long, and how often, a run looks whether the rows it asked for have caught up. */
const catchUpMs = 60_000;
const lookAgainMs = 1_000;
/** No round starts and no ask goes out below this time left, and no further look below the smaller one. */
const roundMs = 12_000;
const reserveMs = 4_000;

/** The stream forgets a record after a day; then nothing is to be expected of the day before it. */
const daysOpenMs = 2 * 24 * 60 * 60 * 1_000;

const tables: WalkedTable[] = ['counts', 'totals'];

/**
 * Walks both tables, finds rows that stay behind their tag's count, and has the table say those counts again: the
 * stream then carries a fresh reading to the processor, in its place in the order. It goes on where the run before
 * stopped. When a whole walk leaves no row behind, a total that came from elsewhere gives way to the rebuilt one.
 */
export async function reconcile(
  store: ReconcileStore,
  surroundings: ReconcileSurroundings,
): Promise<ReconcileReport> {
  const { clock, remainingMs, report } = surroundings;
  await store.closeTotalDays(dayOf(clock.now() - daysOpenMs));
  let progress = await readProgress(store);
  const unsettledBefore = progress.unsettled;
  const findings = { tagsRead: 0, rowsRead: 0, tagsBehind: 0, differenceBefore: 0 };
  const waiting: Waiting = new Map();

  while (!isWalked(progress) && remainingMs() > roundMs) {
    const pages = await readPages(store, progress);
    findings.tagsRead += pages.counts.length;
    findings.rowsRead += pages.totals.length;
    const asked = await askForRowsBehind(store, surroundings, pages.tags, waiting);
    findings.tagsBehind += asked.tags;
    findings.differenceBefore += asked.difference;
    if (!asked.complete) break;
    await dropCaughtUp(store, waiting);
    // Until they are seen caught up, what was asked for counts as unsettled: this run may end at any moment.
    progress = { positions: pages.positions, unsettled: unsettledBefore + waiting.size };
    await store.saveProgress(progress);
    report('Reconcile is under way.', { ...findings, progress: shareOf(progress) });
  }

  // Looked at once at least, however little time is left: what has caught up must not be told of as apart.
  const deadlineMs = clock.now() + catchUpMs;
  await dropCaughtUp(store, waiting);
  while (waiting.size > 0 && clock.now() < deadlineMs && remainingMs() > reserveMs) {
    await clock.sleep(lookAgainMs);
    await dropCaughtUp(store, waiting);
  }
  // A tag that is visited all the time is not asked for; but a row that stood still for as long is stuck.
  const hadTime = clock.now() >= deadlineMs;

  const finished = isWalked(progress);
  const unsettled = unsettledBefore + waiting.size;
  if (finished && unsettled === 0 && (await store.readCounterState()) === 'rebuilding') await store.adopt();
  await store.saveProgress(finished ? startOfWalk() : { ...progress, unsettled });
  return {
    ...findings,
    differenceAfter: sum(
      [...waiting.values()].filter(({ asked }) => asked || hadTime).map(({ look }) => differenceOf(look)),
    ),
    progress: shareOf(progress),
    finished,
    rebuilding: (await store.readCounterState()) === 'rebuilding',
  };
}

/** Tags that were seen behind and whose row has not moved since, as they were seen last. */
type Waiting = Map<string, { look: Look; asked: boolean }>;

interface Pages {
  counts: string[];
  totals: string[];
  /** The tags of both, each once. */
  tags: string[];
  positions: Progress['positions'];
}

/** Reads the next page of every segment that is not at its end, and clears away what an earlier run left behind. */
async function readPages(store: ReconcileStore, progress: Progress): Promise<Pages> {
  const found = { counts: [] as string[], totals: [] as string[] };
  const positions = { counts: [...progress.positions.counts], totals: [...progress.positions.totals] };
  const reads = tables.flatMap((table) =>
    positions[table].map(async (position, segment) => {
      if (position === true) return;
      const page = await store.readPage(table, segment, segments, position, pageItems);
      for (const { tag, mark } of page.leftovers) await store.deleteGhost(tag, mark);
      found[table].push(...page.tags);
      positions[table][segment] = page.last ?? true;
    }),
  );
  await Promise.all(reads);
  return { ...found, positions, tags: [...new Set([...found.counts, ...found.totals])] };
}

/** Looks at tags twice, some time apart, and asks for those that stay behind without anything moving. */
async function askForRowsBehind(
  store: ReconcileStore,
  { clock, random, remainingMs }: ReconcileSurroundings,
  tags: string[],
  waiting: Waiting,
): Promise<{ tags: number; difference: number; complete: boolean }> {
  const asked = { tags: 0, difference: 0, complete: true };
  const first = await store.look(
    tags.filter((tag) => !waiting.has(tag)),
    false,
  );
  for (const [tag, look] of first) if (!isBehind(look)) first.delete(tag);
  if (first.size === 0) return asked;

  await clock.sleep(settleMs);
  for (const [tag, look] of await store.look([...first.keys()], true)) {
    if (!isBehind(look)) continue;
    const stays = !hasMoved(first.get(tag), look);
    if (stays) {
      if (remainingMs() < roundMs) return { ...asked, complete: false };
      await clock.sleep(askPauseMs);
      if (look.count === undefined) await store.askGoneTag(tag, `${clock.now()}-${random()}`);
      else await store.askTag(tag);
      asked.tags += 1;
      asked.difference += differenceOf(look);
    }
    waiting.set(tag, { look, asked: stays });
  }
  return asked;
}

/** A row that has moved since counts as caught up: the processor reads this tag, and the rest is on its way. */
async function dropCaughtUp(store: ReconcileStore, waiting: Waiting): Promise<void> {
  for (const [tag, look] of await store.look([...waiting.keys()], true)) {
    const before = waiting.get(tag);
    if (!before) continue;
    if (!isBehind(look) || !isSameRow(before.look, look)) waiting.delete(tag);
    else waiting.set(tag, { ...before, look });
  }
}

function isBehind(look: Look): boolean {
  return differenceOf(look) !== 0;
}

function differenceOf({ count, row }: Look): number {
  // A row that somebody broke counts as one that is not there.
  const applied = Number.isFinite(row?.reading) ? (row?.reading ?? 0) : 0;
  return Math.abs((count ?? 0) - applied);
}

function hasMoved(before: Look | undefined, now: Look): boolean {
  return before?.count !== now.count || !isSameRow(before, now);
}

function isSameRow(one: Look | undefined, other: Look): boolean {
  const [position, otherPosition] = [one?.row?.position, other.row?.position];
  return position?.sequence === otherPosition?.sequence && position?.stream === otherPosition?.stream;
}

function startOfWalk(): Progress {
  const positions = () => new Array<null>(segments).fill(null);
  return { positions: { counts: positions(), totals: positions() }, unsettled: 0 };
}

/** What an earlier run kept, unless it came to its end or walked in other segments. */
async function readProgress(store: ReconcileStore): Promise<Progress> {
  const progress = await store.readProgress();
  const fits = progress && tables.every((table) => progress.positions[table].length === segments);
  return fits && !isWalked(progress) ? progress : startOfWalk();
}

function isWalked(progress: Progress): boolean {
  return shareOf(progress) === 1;
}

function shareOf({ positions }: Progress): number {
  const all = tables.flatMap((table) => positions[table]);
  return all.filter((position) => position === true).length / all.length;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
