import { BatchGetItemCommand, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { Item } from '../support/expressions';
import type { Change, MemoryTables } from '../support/memoryTables';
import type { Caller } from './schedule';
import { countOf, tableNames } from './tables';

/** Something is not as it must be. The message says what, in a person's words. */
export class BrokenPromiseError extends Error {}

/** Watches, write by write, what must hold at each moment and cannot be seen any more at the end. */
export class Witness {
  /** The first promise that was broken. */
  failure: BrokenPromiseError | undefined;
  private moment = 0;
  /** The last write to a row or to the grand total. */
  private appliedAt = 0;
  private readonly readAt = new Map<Caller, number>();
  private readonly counts = new Map<string, number>();
  private readonly readings = new Map<string, number>();
  /** Since when a tag's row and its count are level, or apart. */
  private readonly since = new Map<string, { level: boolean; moment: number }>();
  private readonly rowWrittenAt = new Map<string, number>();
  private readonly asks = new Map<Caller, Map<string, { lookedAt: number; askedAt: number }>>();
  /** Tags that counted before the stream did, and have neither been applied nor taken away since. */
  private readonly unseen = new Set<string>();

  /** The tables as one caller uses them. */
  watch(caller: Caller, tables: MemoryTables): Pick<MemoryTables, 'execute'> {
    return {
      execute: (command) => {
        if (command instanceof BatchGetItemCommand && tableNames.counts in (command.input.RequestItems ?? {}))
          this.readAt.set(caller, this.moment);
        try {
          return tables.execute(command);
        } catch (error) {
          if (error instanceof TransactionCanceledException && this.appliedAt <= this.readAtOf(caller))
            this.fail('A transaction was refused though nothing had been written since its rows were read.');
          throw error;
        }
      },
    };
  }

  /** What is there before the stream is. */
  load({ table, key, after }: Change): void {
    const tag = key.ID?.S ?? '';
    if (table !== tableNames.counts || tag === 'COUNTER') return;
    if (countOf(after) !== 0) this.unseen.add(tag);
    this.counts.set(tag, countOf(after));
    this.compare(tag);
  }

  /** A write. @returns whether it adopted the rebuilt total */
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
      // A tag at nought has nothing to be applied, one with a foreign Count has nothing that could be.
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

  /** A run of reconcile came to its end: what it asked for in vain must be told. */
  checkReport(caller: Caller, differenceAfter: number): boolean {
    const stuck = [...(this.asks.get(caller) ?? [])].filter(([tag, { lookedAt, askedAt }]) => {
      const since = this.since.get(tag);
      // A row that has moved since it was looked at is on its way.
      const isRowSame = (this.rowWrittenAt.get(tag) ?? 0) <= lookedAt;
      return isRowSame && since?.level === false && since.moment <= askedAt;
    });
    if (stuck.length > 0 && !(differenceAfter > 0))
      this.fail(`Reconcile tells of no difference though the row of ${stuck[0]?.[0] ?? ''} is stuck.`);
    return stuck.length > 0;
  }

  private checkAdoption(total: number): void {
    const sum = [...this.readings.values()].reduce((all, reading) => all + reading, 0);
    if (total !== sum) this.fail(`The adopted total: ${total}, where ${sum} was applied.`);
    const [tag] = this.unseen;
    if (tag !== undefined) this.fail(`The rebuilt total was adopted before ${tag} was in it.`);
  }

  private checkAsk(tag: string, before: Item | undefined, after: Item | undefined, caller: Caller): void {
    const said = after?.SaidAgain !== undefined && after.SaidAgain.N !== before?.SaidAgain?.N;
    const made = before === undefined && after?.Ghost !== undefined;
    if (!said && !made) return;
    const { level, moment } = this.since.get(tag) ?? { level: true, moment: 0 };
    if (level && moment <= this.readAtOf(caller))
      this.fail(`Reconcile asked for ${tag}, which was level all the time since it was looked at.`);
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
    this.failure ??= new BrokenPromiseError(reason);
  }
}
