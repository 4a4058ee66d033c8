import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetItemCommand,
  ProvisionedThroughputExceededException,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../src/aws/clock';
import type { MemoryTables } from '../support/memoryTables';

/** The faults that can hit one call of a store. */
export const faults = ['failBefore', 'failAfter', 'conflict', 'throttle', 'unreadKeys'] as const;
export type Fault = (typeof faults)[number];

/** A source of calls: an invocation of the processor, a run of reconcile, or a reader of days. */
export interface Caller {
  name: string;
}

interface Call {
  caller: Caller;
  command: unknown;
  execute: () => unknown;
  resolve: (answer: unknown) => void;
  reject: (error: unknown) => void;
}

/** Holds back the calls of all callers and executes them one at a time, in any order, with or without a fault. */
export class Schedule {
  nowMs: number;
  private calls: Call[] = [];
  /** The caller of the call that is being executed. */
  current: Caller | undefined;

  constructor(
    startMs: number,
    private readonly onFault: (fault: Fault) => void,
  ) {
    this.nowMs = startMs;
  }

  get size(): number {
    return this.calls.length;
  }

  client(caller: Caller, tables: Pick<MemoryTables, 'execute'>): DynamoDBClient {
    const send = (command: unknown) => this.add(caller, command, () => tables.execute(command));
    return { send } as unknown as DynamoDBClient;
  }

  clock(caller: Caller): Clock {
    return {
      now: () => this.nowMs,
      sleep: async (milliseconds) => {
        const wakeMs = this.nowMs + milliseconds;
        await this.add(caller, undefined, () => {
          this.nowMs = Math.max(this.nowMs, wakeMs);
        });
      },
    };
  }

  /** Executes one call and waits until its caller makes the next one or ends. */
  async step(pick: number, fault?: Fault): Promise<void> {
    const [call] = this.calls.splice(pick % this.calls.length, 1);
    if (!call) return;
    const error = fault && errorOf(fault, call.command);
    if (fault && error) this.onFault(fault);
    this.current = call.caller;
    try {
      if (error && fault !== 'failAfter') throw error;
      const answer = call.execute();
      if (error) throw error;
      if (fault === 'unreadKeys' && call.command instanceof BatchGetItemCommand) {
        this.onFault(fault);
        call.resolve({ Responses: {}, UnprocessedKeys: call.command.input.RequestItems });
      } else call.resolve(answer);
    } catch (thrown) {
      call.reject(thrown);
    }
    this.current = undefined;
    await settle();
  }

  /** Executes calls of one caller while all others wait. */
  async advance(caller: Caller, calls: number): Promise<void> {
    for (let call = 0; call < calls; call += 1) {
      const index = this.calls.findIndex((candidate) => candidate.caller === caller);
      if (index < 0) return;
      await this.step(index);
    }
  }

  /** Kills a caller: its calls are never answered. @param made whether its waiting calls still reach the tables */
  kill(caller: Caller, made: boolean): void {
    this.current = caller;
    for (const call of this.calls.filter((candidate) => candidate.caller === caller)) {
      try {
        if (made) call.execute();
      } catch {
        // The caller is dead and gets no error.
      }
    }
    this.current = undefined;
    this.calls = this.calls.filter((call) => call.caller !== caller);
  }

  private add(caller: Caller, command: unknown, execute: () => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.calls.push({ caller, command, execute, resolve, reject });
    });
  }
}

/** Waits until every caller has reached its next call: all microtasks run before an immediate. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The error of a fault, or undefined if the fault cannot hit this command. */
function errorOf(fault: Fault, command: unknown): Error | undefined {
  if (command === undefined) return undefined; // A sleep has no command.
  switch (fault) {
    case 'failBefore':
    case 'failAfter':
      return new Error('socket hang up');
    case 'throttle':
      return new ProvisionedThroughputExceededException({ message: 'Rate exceeded', $metadata: {} });
    case 'conflict':
      if (!(command instanceof TransactWriteItemsCommand)) return undefined;
      return new TransactionCanceledException({
        message: 'Transaction cancelled',
        CancellationReasons: [{ Code: 'TransactionConflict' }],
        $metadata: {},
      });
    case 'unreadKeys':
      return undefined;
  }
}
