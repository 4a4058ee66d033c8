import {
  GetItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type AttributeValue,
  type DynamoDBClient,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { randomBytes } from 'node:crypto';
import { callTable } from '../aws/dynamodb';
import { FootfallError, InvalidRequestError } from '../errors/footfallError';
import { TableUnavailableError } from '../errors/unavailableErrors';
import { BrokenItemError, readCount, readInteger, readText, type Item } from '../tables/attributes';
import { changesPartition, changeSortKey, changeTime, tagKey } from '../tables/keys';
import { parseStartingCount, readStartingCount, type StartingCount } from './startingCount';
import { parseTag, type Tag } from './tag';

const actions = ['delete', 'setStart', 'undoStart'] as const;

/** An administrator's change of a tag. */
export type TagAction = (typeof actions)[number];

/** A change that was made, as ChangesTable records it. */
export interface TagChange {
  action: TagAction;
  tag: string;
  /** The administrator's email address. */
  by: string;
  /** ISO 8601, UTC. */
  at: string;
  /** The tag's count when it was deleted. */
  count?: number;
  /** The starting count that was set or removed. */
  start?: number;
  origin?: string;
}

/** A change that an administrator asks for. */
export type TagOrder =
  | { action: 'delete'; tag: Tag }
  | { action: 'undoStart'; tag: Tag }
  | { action: 'setStart'; tag: Tag; start: StartingCount };

export class InvalidOrderError extends InvalidRequestError {}

/** The tag does not exist, or has no starting count to remove. */
export class NothingToChangeError extends FootfallError {
  readonly kind = 'conflict';
}

/**
 * Parses the fields of a form.
 * @param field returns the text of a field by its name
 * @throws InvalidTagError, InvalidStartingCountError, InvalidOrderError
 */
export function parseOrder(field: (name: string) => string | undefined): TagOrder {
  const tag = parseTag(field('tag') ?? '');
  const action = actions.find((name) => name === field('action'));
  switch (action) {
    case undefined:
      throw new InvalidOrderError(`The field \`action\` must be one of ${actions.join(', ')}.`);
    case 'setStart':
      return { action, tag, start: parseStartingCount(field('visits'), field('origin')) };
    default:
      return { action, tag };
  }
}

/** Attempts at a change that conflicts with visits. Each visit takes milliseconds, so even a busy tag leaves gaps. */
const maxAttempts = 5;

/** Changes tags. A change and its record are one transaction, so neither exists without the other. */
export class TagChanges {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tables: { counts: string; changes: string },
    private readonly createSuffix: () => string = () => randomBytes(6).toString('base64url'),
  ) {}

  /** @throws NothingToChangeError, TableUnavailableError */
  async carryOut(order: TagOrder, by: string, nowMs: number): Promise<void> {
    switch (order.action) {
      case 'delete':
        return this.deleteTag(order.tag, by, nowMs);
      case 'setStart':
        return this.setStart(order.tag, order.start, by, nowMs);
      case 'undoStart':
        return this.undoStart(order.tag, by, nowMs);
    }
  }

  /**
   * Deletes a tag with its count. The stream processor subtracts the count from the total and from today.
   * @throws NothingToChangeError, TableUnavailableError
   */
  async deleteTag(tag: Tag, by: string, nowMs: number): Promise<void> {
    const item = await this.readItem(tag);
    const lost = { count: readCount(item), ...describeStart(item) };
    const change = { action: 'delete', tag, by, at: formatTime(nowMs), ...lost } as const;
    await this.write(change, {
      Delete: {
        TableName: this.tables.counts,
        Key: tagKey(tag),
        ConditionExpression: 'attribute_exists(ID)',
      },
    });
  }

  /** Sets or replaces a tag's starting count. The tag need not exist. @throws TableUnavailableError */
  async setStart(tag: Tag, start: StartingCount, by: string, nowMs: number): Promise<void> {
    const { visits, origin } = start;
    const change = { action: 'setStart', tag, by, at: formatTime(nowMs), start: visits, origin } as const;
    await this.write(change, {
      Update: {
        TableName: this.tables.counts,
        Key: tagKey(tag),
        UpdateExpression: 'SET #start = :start, StartOrigin = :origin',
        ExpressionAttributeNames: { '#start': 'Start' },
        ExpressionAttributeValues: marshall({ ':start': visits, ':origin': origin }),
      },
    });
  }

  /** Removes a tag's starting count. @throws NothingToChangeError, TableUnavailableError */
  async undoStart(tag: Tag, by: string, nowMs: number): Promise<void> {
    const lost = describeStart(await this.readItem(tag));
    const change = { action: 'undoStart', tag, by, at: formatTime(nowMs), ...lost } as const;
    await this.write(change, {
      Update: {
        TableName: this.tables.counts,
        Key: tagKey(tag),
        UpdateExpression: 'REMOVE #start, StartOrigin',
        ConditionExpression: 'attribute_exists(#start)',
        ExpressionAttributeNames: { '#start': 'Start' },
      },
    });
  }

  /** The latest changes, newest first. @throws TableUnavailableError */
  async listLatest(limit: number): Promise<TagChange[]> {
    const { Items = [] } = await callTable(() =>
      this.client.send(
        new QueryCommand({
          TableName: this.tables.changes,
          KeyConditionExpression: '#log = :log',
          ExpressionAttributeNames: { '#log': 'Log' },
          ExpressionAttributeValues: marshall({ ':log': changesPartition }),
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: limit,
        }),
      ),
    );
    return Items.flatMap(readKnownChange);
  }

  private async write(change: TagChange, item: TransactWriteItem): Promise<void> {
    const { action, tag, by, at, count, start, origin } = change;
    const record = {
      Log: changesPartition,
      At: changeSortKey(at, this.createSuffix()),
      ...{ Action: action, Tag: tag, By: by, Count: count, Start: start, Origin: origin },
    };
    const put = {
      Put: { TableName: this.tables.changes, Item: marshall(record, { removeUndefinedValues: true }) },
    };
    for (let attempt = 1; ; attempt += 1) {
      try {
        await callTable(() =>
          this.client.send(new TransactWriteItemsCommand({ TransactItems: [item, put] })),
        );
        return;
      } catch (error) {
        const reason = reasonOfCancellation(error);
        if (reason === 'ConditionalCheckFailed')
          throw new NothingToChangeError('This tag or its starting count no longer exists.');
        // A visit wrote to the tag at the same time.
        if (reason !== 'TransactionConflict') throw error;
        if (attempt === maxAttempts) throw new TableUnavailableError(error);
      }
    }
  }

  private async readItem(tag: Tag): Promise<Record<string, AttributeValue>> {
    const { Item = {} } = await callTable(() =>
      this.client.send(
        new GetItemCommand({
          TableName: this.tables.counts,
          Key: tagKey(tag),
          ConsistentRead: true,
        }),
      ),
    );
    return Item;
  }
}

/** The record holds all that is needed to set the starting count again. */
function describeStart(item: Item): Pick<TagChange, 'start' | 'origin'> {
  const start = readStartingCount(item);
  return start ? { start: start.visits, origin: start.origin } : {};
}

/** Why DynamoDB cancelled the change of the tag's item. */
function reasonOfCancellation(error: unknown): string | undefined {
  return error instanceof TransactionCanceledException ? error.CancellationReasons?.[0]?.Code : undefined;
}

/** A record that an earlier version or a hand wrote must not hide the others. */
function readKnownChange(item: Item): TagChange[] {
  try {
    return [readChange(item)];
  } catch (error) {
    if (!(error instanceof BrokenItemError)) throw error;
    console.error('The list leaves out a change of a tag.', error);
    return [];
  }
}

/** @throws BrokenItemError */
function readChange(item: Item): TagChange {
  const action = actions.find((name) => name === item.Action?.S);
  if (!action) throw new BrokenItemError('Action', `one of ${actions.join(', ')}`, item.Action);
  return {
    action,
    tag: readText(item, 'Tag'),
    by: readText(item, 'By'),
    at: changeTime(readText(item, 'At')),
    ...(item.Count ? { count: readInteger(item, 'Count') } : {}),
    ...(item.Start ? { start: readInteger(item, 'Start') } : {}),
    ...(item.Origin ? { origin: readText(item, 'Origin') } : {}),
  };
}

function formatTime(nowMs: number): string {
  return new Date(nowMs).toISOString();
}
