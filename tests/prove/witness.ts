import { BatchGetItemCommand, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { Item } from '../support/expressions';
import type { Change, MemoryTables } from '../support/memoryTables';
import type { Caller } from './schedule';
import { countOf, tableNames } from './tables';

/** An invariant does not hold. The message explains which one. */
export class BrokenInvariantError extends Error {}

/** Checks, at each write, the invariants that the final state no longer shows. */
export class Witness {
  /** The first broken invariant. */
  failure: BrokenInvariantError | undefined;
  /** The number of writes so far. */
  private moment = 0;
  /** The last write to a row or to the total. */
  private appliedAt = 0;
  private readonly readAt = new Map<Caller, number>();
  private readonly counts = new Map<string, number>();
  private readonly readings = new Map<string, number>();
  /** The moment since which a tag's row equals its count, or differs from it. */
  private readonly since = new Map<string, { level: boolean; moment: number }>();
  private readonly rowWrittenAt = new Map<string, number>();
  private readonly asks = new Map<Caller, Map<string, { lookedAt: number; askedAt: number }>>();
  /** Tags with a count from before the stream, which were neither applied nor deleted since. */
  private readonly unseen = new Set<string>();

  /** The tables, watched for one caller. */
  watch(caller: Caller, tables: MemoryTables): Pick<MemoryTables, 'execute'> {
    return {
      execute: (command) => {
        if (command instanceof BatchGetItemCommand && tableNames.counts in (command.input.RequestItems ?? {}))
          this.readAt.set(caller, this.moment);
        try {
          return tables.execute(command);
        } catch (error) {
          if (error instanceof TransactionCanceledException && this.appliedAt <= this.readAtOf(caller))
            this.fail('A transaction was cancelled although nothing was written since its rows were read.');
          throw error;
        }
      },
    };
  }

  /** Records an item that exists before the stream does. */
  load({ table, key, after }: Change): void {
    const tag = key.ID?.S ?? '';
    if (table !== tableNames.counts || tag === 'COUNTER') return;
    if (countOf(after) !== 0) this.unseen.add(tag);
    this.counts.set(tag, countOf(after));
    this.compare(tag);
  }

  /** Checks a write. @returns whether it adopted the rebuilt total */
  see({ table, key, before, after }: Change, caller: Caller | undefined): boolean {
    this.moment += 1;
    const tag = key.ID?.S ?? '';
    if (table === tableNames.counts && tag === 'COUNTER') {
      this.appliedAt = this.moment;
      if (before?.TotalViews === undefined || before.Exact !== undefined || after?.Exact === undefined)
        return false;
      this.checkAdoption(Number(after.TotalViews?.N));
      return true;
    }
    if (tag === 'COUNTER') return false;
    if (table === tableNames.counts) {
      if (caller?.name === 'reconcile') this.checkAsk(tag, before, after, caller);
      const count = countOf(after);
      // A tag with count 0 or a malformed count has nothing to apply.
      if (!(count > 0)) this.unseen.delete(tag);
      this.counts.set(tag, count);
      this.compare(tag);
    }
    if (table === tableNames.totals) {
      this.appliedAt = this.moment;
      this.rowWrittenAt.set(tag, this.moment);
      this.unseen.delete(tag);
      this.readings.set(tag, Number(after?.Reading?.N ?? 0));
      this.compare(tag);
    }
    return false;
  }

  /** Checks the report of a run of reconcile. @returns whether rows were stuck, which the report must mention */
  checkReport(caller: Caller, differenceAfter: number): boolean {
    const stuck = [...(this.asks.get(caller) ?? [])].filter(([tag, { lookedAt, askedAt }]) => {
      const since = this.since.get(tag);
      // A row that was written since it was read is being repaired.
      const isRowSame = (this.rowWrittenAt.get(tag) ?? 0) <= lookedAt;
      return isRowSame && since?.level === false && since.moment <= askedAt;
    });
    if (stuck.length > 0 && !(differenceAfter > 0))
      this.fail(`Reconcile reports no difference although the row of ${stuck[0]?.[0] ?? ''} is stuck.`);
    return stuck.length > 0;
  }

  private checkAdoption(total: number): void {
    const sum = [...this.readings.values()].reduce((all, reading) => all + reading, 0);
    if (total !== sum) this.fail(`The adopted total is ${total}, but ${sum} was applied.`);
    const [tag] = this.unseen;
    if (tag !== undefined) this.fail(`The rebuilt total was adopted before it included ${tag}.`);
  }

  private checkAsk(tag: string, before: Item | undefined, after: Item | undefined, caller: Caller): void {
    const said = after?.SaidAgain !== undefined && after.SaidAgain.N !== before?.SaidAgain?.N;
    const made = before === undefined && after?.Ghost !== undefined;
    if (!said && !made) return;
    const { level, moment } = this.since.get(tag) ?? { level: true, moment: 0 };
    if (level && moment <= this.readAtOf(caller))
      this.fail(
        `Reconcile asked for a new record of ${tag}, although its row equaled its count since it was read.`,
      );
    const asks = this.asks.get(caller) ?? new Map<string, { lookedAt: number; askedAt: number }>();
    this.asks.set(caller, asks.set(tag, { lookedAt: this.readAtOf(caller), askedAt: this.moment }));
  }

  private compare(tag: string): void {
    const level = (this.counts.get(tag) ?? 0) === (this.readings.get(tag) ?? 0);
    if (this.since.get(tag)?.level !== level) this.since.set(tag, { level, moment: this.moment });
  }

  private readAtOf(caller: Caller): number {
    return this.readAt.get(caller) ?? -1;
  }

  private fail(reason: string): void {
    this.failure ??= new BrokenInvariantError(reason);
  }
}
