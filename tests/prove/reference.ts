import type { Entry } from './stream';

/** The expected state of a tag after its applied records. */
interface Applied {
  entry: Entry;
  /** The count before the first applied record. */
  base: number;
  days: Map<string, number>;
}

/** The expected state, kept by simple means: the counts as written, and the records as applied. */
export class Reference {
  /** The count in each tag's item. */
  readonly counts = new Map<string, number>();
  readonly applied = new Map<string, Applied>();
  /** The sum of new image minus old image over all applied records. */
  imageDifference = 0;
  private readonly watchers = new Map<string, ((days: string) => void)[]>();
  private readonly entries = new Map<string, Entry[]>();

  write(entry: Entry): void {
    const entries = this.entries.get(entry.tag);
    if (entries) entries.push(entry);
    else this.entries.set(entry.tag, [entry]);
  }

  /** Applies the new records of a tag, after an invocation with this batch wrote the tag's row. */
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

  /** The days with visits of a tag, or of all tags for COUNTER. */
  daysOf(tag: string): string {
    const all = tag === 'COUNTER' ? this.totalDays : (this.applied.get(tag)?.days ?? []);
    const days = [...all].filter(([, visits]) => visits > 0);
    return JSON.stringify(days.sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /** Reports each change of the days of a tag, or of all tags for COUNTER. */
  watch(tag: string, watcher: (days: string) => void): void {
    const watchers = this.watchers.get(tag) ?? [];
    this.watchers.set(tag, [...watchers, watcher]);
  }

  /** The reading of a drained stream: the last record that was not lost before it was applied. */
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
