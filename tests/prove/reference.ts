import type { Entry } from './stream';

/** What should have been applied of a tag. */
interface Applied {
  entry: Entry;
  /** What the tag counted before its first applied record. */
  base: number;
  days: Map<string, number>;
}

/** The plain account of what is true: the counts as they were written, and the records as they were applied. */
export class Reference {
  /** What each tag's item counts. */
  readonly counts = new Map<string, number>();
  readonly applied = new Map<string, Applied>();
  /** By how much applied records say, each by itself, that the sum moved. */
  imageDifference = 0;
  private readonly watchers = new Map<string, ((days: string) => void)[]>();
  private readonly entries = new Map<string, Entry[]>();

  write(entry: Entry): void {
    const entries = this.entries.get(entry.tag);
    if (entries) entries.push(entry);
    else this.entries.set(entry.tag, [entry]);
  }

  /** A tag's row was written by an invocation that holds a batch: what of it is new now counts. */
  apply(tag: string, batch: readonly Entry[]): void {
    for (const entry of batch.filter((candidate) => candidate.tag === tag && candidate.readable)) {
      const last = this.applied.get(tag);
      if (last && entry.order <= last.entry.order) continue;
      const days = last?.days ?? new Map<string, number>();
      const visits = entry.count - (last ? last.entry.count : entry.before);
      days.set(entry.day, (days.get(entry.day) ?? 0) + visits);
      this.imageDifference += entry.count - entry.before;
      this.applied.set(tag, { entry, base: last ? last.base : entry.before, days });
    }
    for (const watched of [tag, 'COUNTER'])
      for (const watcher of this.watchers.get(watched) ?? []) watcher(this.daysOf(watched));
  }

  /** The days of all tags together. */
  get totalDays(): Map<string, number> {
    const days = new Map<string, number>();
    for (const applied of this.applied.values())
      for (const [day, visits] of applied.days) days.set(day, (days.get(day) ?? 0) + visits);
    return days;
  }

  /** The days of a tag, or of COUNTER for all, as a page shows them, less those without visits. */
  daysOf(tag: string): string {
    const all = tag === 'COUNTER' ? this.totalDays : (this.applied.get(tag)?.days ?? []);
    const days = [...all].filter(([, visits]) => visits > 0);
    return JSON.stringify(days.sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** Tells of each state that the days of a tag, or of COUNTER for all, come to. */
  watch(tag: string, watcher: (days: string) => void): void {
    const watchers = this.watchers.get(tag) ?? [];
    this.watchers.set(tag, [...watchers, watcher]);
  }

  /** What must have been applied once the stream is drained: every record, but those that were lost unapplied. */
  drainedReading(tag: string): number {
    const applied = this.applied.get(tag)?.entry;
    const reachable = this.entries
      .get(tag)
      ?.findLast((entry) => entry.readable && (!entry.lost || entry.order <= (applied?.order ?? -1)));
    const last = applied && (!reachable || applied.order > reachable.order) ? applied : reachable;
    return last?.count ?? 0;
  }

  get tags(): string[] {
    return [...new Set([...this.counts.keys(), ...this.entries.keys()])];
  }

  get sum(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }
}
