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
import { TableUnavailableError } from '../aws/unavailable';
import { countIn } from '../reports/countsTable';
import { parseStartingCount, startIn, type StartingCount } from './startingCount';
import { parseTag } from './tag';

/** What an administrator did to a tag. */
export type Deed = 'delete' | 'setStart' | 'undoStart';

/** A deed with who did it and when. */
export interface TagChange {
  deed: Deed;
  tag: string;
  /** The email address of the administrator. */
  by: string;
  /** ISO 8601, UTC. */
  at: string;
  /** What the tag counted when it was deleted. */
  count?: number;
  /** The starting count that was set, or went. */
  start?: number;
  origin?: string;
}

/** What an administrator wants done. */
export type TagOrder =
  { deed: 'delete' | 'undoStart'; tag: string } | { deed: 'setStart'; tag: string; start: StartingCount };

/** What was sent is no order. The message is one sentence for the sender. */
export class InvalidOrderError extends Error {}

/**
 * Reads an order that a form sent.
 * @param field the text of a field by its name
 * @throws InvalidTagError, InvalidStartingCountError, InvalidOrderError
 */
export function parseOrder(field: (name: string) => string | undefined): TagOrder {
  const tag = parseTag(field('tag') ?? '');
  const deed = field('deed');
  if (deed === 'setStart') return { deed, tag, start: parseStartingCount(field('visits'), field('origin')) };
  if (deed === 'delete' || deed === 'undoStart') return { deed, tag };
  throw new InvalidOrderError('The field deed is delete, setStart or undoStart.');
}

/** There is nothing to change: no such tag, or no starting count on it. */
export class NothingToChangeError extends Error {}

/** How often a change is tried that meets visits: each takes some milliseconds, so even a busy tag leaves gaps. */
const maxAttempts = 5;

/** Every change stands under this one key, in the order of time. Administrators make few. */
const logKey = 'tags';

/** What administrators change about tags. A change and the record of it are one write: neither is there alone. */
export class TagChanges {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tables: { counts: string; changes: string },
    private readonly createSuffix: () => string = () => randomBytes(6).toString('base64url'),
  ) {}

  /** @throws NothingToChangeError, TableUnavailableError */
  async carryOut(order: TagOrder, by: string, nowMs: number): Promise<void> {
    switch (order.deed) {
      case 'delete':
        return this.deleteTag(order.tag, by, nowMs);
      case 'setStart':
        return this.setStart(order.tag, order.start, by, nowMs);
      case 'undoStart':
        return this.undoStart(order.tag, by, nowMs);
    }
  }

  /**
   * Deletes a tag with its count. The stream takes it from the total, and from today.
   * @throws NothingToChangeError, TableUnavailableError
   */
  async deleteTag(tag: string, by: string, nowMs: number): Promise<void> {
    const item = await this.readItem(tag);
    const lost = { count: countIn(item), ...describeStart(item) };
    const change = { deed: 'delete', tag, by, at: formatTime(nowMs), ...lost } as const;
    await this.write(change, {
      Delete: {
        TableName: this.tables.counts,
        Key: marshall({ ID: tag }),
        ConditionExpression: 'attribute_exists(ID)',
      },
    });
  }

  /** Gives a tag a starting count, or another one; the tag need not have been visited. @throws TableUnavailableError */
  async setStart(tag: string, start: StartingCount, by: string, nowMs: number): Promise<void> {
    const { visits, origin } = start;
    const change = { deed: 'setStart', tag, by, at: formatTime(nowMs), start: visits, origin } as const;
    await this.write(change, {
      Update: {
        TableName: this.tables.counts,
        Key: marshall({ ID: tag }),
        UpdateExpression: 'SET #start = :start, StartOrigin = :origin',
        ExpressionAttributeNames: { '#start': 'Start' },
        ExpressionAttributeValues: marshall({ ':start': visits, ':origin': origin }),
      },
    });
  }

  /** Takes a tag's starting count away. @throws NothingToChangeError, TableUnavailableError */
  async undoStart(tag: string, by: string, nowMs: number): Promise<void> {
    const lost = describeStart(await this.readItem(tag));
    const change = { deed: 'undoStart', tag, by, at: formatTime(nowMs), ...lost } as const;
    await this.write(change, {
      Update: {
        TableName: this.tables.counts,
        Key: marshall({ ID: tag }),
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
          ExpressionAttributeValues: marshall({ ':log': logKey }),
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: limit,
        }),
      ),
    );
    return Items.map(readChange);
  }

  private async write(change: TagChange, item: TransactWriteItem): Promise<void> {
    const { deed, tag, by, at, count, start, origin } = change;
    const record = {
      Log: logKey,
      // Two administrators may act in the same millisecond.
      At: `${at} ${this.createSuffix()}`,
      ...{ Deed: deed, Tag: tag, By: by, Count: count, Start: start, Origin: origin },
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
          throw new NothingToChangeError('There is nothing of this tag to change any more.');
        // The tag was being visited just then.
        if (reason !== 'TransactionConflict') throw error;
        if (attempt === maxAttempts) throw new TableUnavailableError(error);
      }
    }
  }

  private async readItem(tag: string): Promise<Record<string, AttributeValue>> {
    const { Item = {} } = await callTable(() =>
      this.client.send(
        new GetItemCommand({
          TableName: this.tables.counts,
          Key: marshall({ ID: tag }),
          ConsistentRead: true,
        }),
      ),
    );
    return Item;
  }
}

/** So that the record is enough to set it again. */
function describeStart(item: Record<string, AttributeValue>): Pick<TagChange, 'start' | 'origin'> {
  const start = startIn(item);
  return start ? { start: start.visits, origin: start.origin } : {};
}

/** What was wrong with the tag's own item, where a change was cancelled. */
function reasonOfCancellation(error: unknown): string | undefined {
  return error instanceof TransactionCanceledException ? error.CancellationReasons?.[0]?.Code : undefined;
}

function readChange(item: Record<string, AttributeValue>): TagChange {
  return {
    deed: item.Deed?.S as Deed,
    tag: item.Tag?.S ?? '',
    by: item.By?.S ?? '',
    at: (item.At?.S ?? '').split(' ')[0] ?? '',
    ...(item.Count?.N === undefined ? {} : { count: Number(item.Count.N) }),
    ...(item.Start?.N === undefined ? {} : { start: Number(item.Start.N) }),
    ...(item.Origin?.S === undefined ? {} : { origin: item.Origin.S }),
  };
}

function formatTime(nowMs: number): string {
  return new Date(nowMs).toISOString();
}
