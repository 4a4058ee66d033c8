import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBServiceException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type DynamoDBClient,
  type KeysAndAttributes,
} from '@aws-sdk/client-dynamodb';
import { isDeepStrictEqual } from 'node:util';
import { holds, update, type ExpressionContext, type Item } from './expressions';

/** A write that changed an item, with the images that a stream would carry. */
export interface Change {
  table: string;
  key: Item;
  before: Item | undefined;
  after: Item | undefined;
}

interface Write extends ExpressionContext {
  TableName?: string | undefined;
  Key?: Item | undefined;
  Item?: Item | undefined;
  UpdateExpression?: string | undefined;
  ConditionExpression?: string | undefined;
}

const tokenLifeMs = 10 * 60 * 1_000;

/**
 * The part of DynamoDB that the totals use, in memory: tens of thousands of histories a minute need tables that answer
 * within microseconds. tests/integration/ledger compares it with the real engine.
 */
export class MemoryTables {
  private readonly items = new Map<string, Map<string, Item>>();
  private readonly tokens = new Map<string, number>();
  /** The images before each item's last change, while an eventually consistent read may still return them. */
  private readonly before = new Map<string, Map<string, { item: Item | undefined; untilMs: number }>>();

  constructor(
    private readonly now: () => number = () => 0,
    private readonly onChange: (change: Change) => void = () => undefined,
    /** Stands in for DynamoDB's limit of 1 MB per page of a scan. */
    private readonly scanPageItems = 1_000,
    /** How long eventually consistent reads may lag, and whether a read of an item does. */
    private readonly lag: { ms: number; strikes: () => boolean } = { ms: 0, strikes: () => false },
  ) {}

  /** A client for the stores of src/, which use only its `send`. */
  client(): DynamoDBClient {
    // eslint-disable-next-line @typescript-eslint/require-await -- a thrown error has to become a rejection
    return { send: async (command: unknown) => this.execute(command) } as unknown as DynamoDBClient;
  }

  /** Lists every item of a table. */
  list(table: string): Item[] {
    return [...this.table(table).values()];
  }

  /** @throws the errors of DynamoDB */
  execute(command: unknown): unknown {
    if (command instanceof GetItemCommand)
      return {
        Item: this.view(command.input.TableName, command.input.ConsistentRead).get(
          keyText(command.input.Key),
        ),
      };
    if (command instanceof BatchGetItemCommand) return this.batchGet(command.input);
    if (command instanceof QueryCommand) return this.query(command.input);
    if (command instanceof ScanCommand) return this.scan(command.input);
    if (command instanceof TransactWriteItemsCommand) return this.transact(command.input);
    if (command instanceof PutItemCommand || command instanceof UpdateItemCommand)
      return this.writeOne(command.input);
    if (command instanceof DeleteItemCommand) return this.writeOne(command.input);
    throw new Error('The in-memory tables do not support this command.');
  }

  private batchGet({ RequestItems = {} }: BatchGetItemCommand['input']): unknown {
    const keys = Object.entries(RequestItems).flatMap(([table, { Keys = [] }]) =>
      Keys.map((key) => `${table}/${keyText(key)}`),
    );
    if (keys.length === 0 || keys.length > 100) throw validationError('between 1 and 100 keys');
    if (new Set(keys).size < keys.length) throw validationError('the same key twice');
    const read = ([table, { Keys = [], ConsistentRead }]: [string, KeysAndAttributes]) => {
      const items = this.view(table, ConsistentRead);
      return [
        table,
        Keys.map((key) => items.get(keyText(key))).filter((item) => item !== undefined),
      ] as const;
    };
    return { Responses: Object.fromEntries(Object.entries(RequestItems).map(read)), UnprocessedKeys: {} };
  }

  /** Supports one key condition, `ID = :id AND #day BETWEEN :from AND :to`. */
  private query(input: QueryCommand['input']): unknown {
    const { TableName, ConsistentRead, ExpressionAttributeValues: values = {} } = input;
    const [from = '', to = ''] = [values[':from']?.S, values[':to']?.S];
    const found = [...this.view(TableName, ConsistentRead).values()].filter(
      ({ ID, Day }) => ID?.S === values[':id']?.S && (Day?.S ?? '') >= from && (Day?.S ?? '') <= to,
    );
    return { Items: found.sort((one, other) => ((one.Day?.S ?? '') < (other.Day?.S ?? '') ? -1 : 1)) };
  }

  private scan(input: ScanCommand['input']): unknown {
    const { TableName, Segment = 0, TotalSegments = 1, Limit = Infinity, ExclusiveStartKey } = input;
    const after = ExclusiveStartKey === undefined ? undefined : placeOf(keyText(ExclusiveStartKey));
    const limit = Math.min(Limit, this.scanPageItems);
    const left = [...this.view(TableName, input.ConsistentRead)]
      .map(([key, item]) => ({ place: placeOf(key), item }))
      .filter(({ place }) => Number.parseInt(place.slice(0, 8), 16) % TotalSegments === Segment)
      .filter(({ place }) => after === undefined || place > after)
      .sort((one, other) => (one.place < other.place ? -1 : 1));
    const page = left.slice(0, limit).map(({ item }) => item);
    const last = page.at(-1);
    return { Items: page, LastEvaluatedKey: left.length >= limit && last ? { ID: last.ID } : undefined };
  }

  private writeOne(write: Write): unknown {
    if (!holds(write.ConditionExpression, this.itemOf(write), write))
      throw new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} });
    this.apply(write);
    return {};
  }

  private transact({ TransactItems = [], ClientRequestToken }: TransactWriteItemsCommand['input']): unknown {
    const writes: Write[] = TransactItems.map((item) => item.Put ?? item.Update ?? item.Delete ?? {});
    if (writes.length === 0 || writes.length > 100) throw validationError('between 1 and 100 items');
    const keys = writes.map((write) => `${String(write.TableName)}/${keyText(write.Key ?? write.Item)}`);
    if (new Set(keys).size < keys.length) throw validationError('multiple operations on one item');
    if (ClientRequestToken !== undefined) {
      const since = this.tokens.get(ClientRequestToken);
      if (since !== undefined && this.now() - since < tokenLifeMs) return {};
    }
    const met = writes.map((write) => holds(write.ConditionExpression, this.itemOf(write), write));
    if (met.includes(false)) {
      const CancellationReasons = met.map((ok) => ({ Code: ok ? 'None' : 'ConditionalCheckFailed' }));
      throw new TransactionCanceledException({
        message: 'Transaction cancelled, please refer cancellation reasons for specific reasons',
        CancellationReasons,
        $metadata: {},
      });
    }
    for (const write of writes) this.apply(write);
    if (ClientRequestToken !== undefined) this.tokens.set(ClientRequestToken, this.now());
    return {};
  }

  private apply(write: Write): void {
    const key = keyOf(write.Key ?? write.Item);
    const before = this.itemOf(write);
    let after = write.Item;
    if (write.UpdateExpression !== undefined) after = update(write.UpdateExpression, key, before, write);
    const table = this.table(write.TableName);
    if (after) table.set(keyText(key), after);
    else table.delete(keyText(key));
    if (isDeepStrictEqual(before, after)) return;
    if (this.lag.ms > 0) {
      const older = this.before.get(write.TableName ?? '') ?? new Map<string, never>();
      this.before.set(write.TableName ?? '', older);
      older.set(keyText(key), { item: before, untilMs: this.now() + this.lag.ms });
    }
    this.onChange({ table: write.TableName ?? '', key, before, after });
  }

  private itemOf(write: Write): Item | undefined {
    return this.table(write.TableName).get(keyText(write.Key ?? write.Item));
  }

  /** A table as a read of this consistency sees it. */
  private view(name = '', consistent: boolean | undefined): Map<string, Item> {
    const older = this.before.get(name);
    if (consistent === true || !older) return this.table(name);
    const items = new Map(this.table(name));
    for (const [key, { item, untilMs }] of older) {
      if (untilMs <= this.now()) older.delete(key);
      else if (this.lag.strikes()) {
        if (item) items.set(key, item);
        else items.delete(key);
      }
    }
    return items;
  }

  private table(name = ''): Map<string, Item> {
    const table = this.items.get(name) ?? new Map<string, Item>();
    this.items.set(name, table);
    return table;
  }
}

/** The key of a table is `ID`, or `ID` and `Day`. A row of TotalsTable has a `Day` too, along with its `Reading`. */
function keyOf(item: Item | undefined): Item {
  const { ID, Day, Reading } = item ?? {};
  if (ID?.S === undefined || ID.S === '') throw validationError('the key ID');
  return Day === undefined || Reading !== undefined ? { ID } : { ID, Day };
}

function keyText(item: Item | undefined): string {
  const { ID, Day } = keyOf(item);
  return Day === undefined ? `${ID?.S}` : `${ID?.S} ${Day.S}`;
}

/** Items are ordered by a hash of their key, as in a real table. FNV-1a is good enough. */
function placeOf(key: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1)
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193) >>> 0;
  return `${hash.toString(16).padStart(8, '0')} ${key}`;
}

function validationError(reason: string): DynamoDBServiceException {
  return new DynamoDBServiceException({
    name: 'ValidationException',
    message: `ValidationException: ${reason}`,
    $fault: 'client',
    $metadata: {},
  });
}
