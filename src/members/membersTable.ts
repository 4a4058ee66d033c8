import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { callTable, unlessConditionFails, writeOnce, type WriteOnceClient } from '../aws/dynamodb';
import { FootfallError } from '../errors/footfallError';
import { readInteger, readText, type Item } from '../tables/attributes';
import { memberKey } from '../tables/keys';
import type { MemberChanges, MemberDetails } from './memberChanges';

/** A member as the API shows it. */
export interface Member extends MemberDetails {
  user_id: string;
  /** Increases with every change; 0 for an item that Footfall did not write. */
  version: number;
}

export class StaleVersionError extends FootfallError {
  readonly kind = 'conflict';

  constructor(version: number) {
    super(`The member has changed and is now at version ${version}. Read it again.`);
  }
}

/** DynamoDB's limit. */
const maxKeyBytes = 2_048;

/** Whether the text can be the id of a member. */
export function isUserId(text: string): boolean {
  return text !== '' && Buffer.byteLength(text) <= maxKeyBytes;
}

/** UsersTable: `{user_id, name, email, age, version}` for each member, without details that are unknown. */
export class MembersTable {
  /**
   * @param client for calls that may be repeated
   * @param writeOnceClient for changes: a repeated change would conflict with its own new version
   */
  constructor(
    private readonly client: DynamoDBClient,
    private readonly writeOnceClient: WriteOnceClient,
    private readonly tableName: string,
  ) {}

  /** Adds a member unless one with this id exists. @throws TableUnavailableError */
  async addIfMissing(userId: string, details: MemberDetails): Promise<void> {
    const known = Object.entries(details).filter(([, value]) => value !== null);
    await unlessConditionFails(
      callTable(() =>
        this.client.send(
          new PutItemCommand({
            TableName: this.tableName,
            Item: { ...memberKey(userId), ...marshall({ ...Object.fromEntries(known), version: 1 }) },
            ConditionExpression: 'attribute_not_exists(user_id)',
          }),
        ),
      ),
    );
  }

  /**
   * Lists members in an arbitrary but stable order.
   * @param after the id after which the page begins
   * @returns `last` is the id after which the next page begins; left out on the last page
   * @throws TableUnavailableError
   */
  async list(limit: number, after: string | undefined): Promise<{ members: Member[]; last?: string }> {
    const { Items = [], LastEvaluatedKey } = await callTable(() =>
      this.client.send(
        new ScanCommand({
          TableName: this.tableName,
          Limit: limit,
          ExclusiveStartKey: after === undefined ? undefined : memberKey(after),
          ConsistentRead: true,
        }),
      ),
    );
    const last = LastEvaluatedKey?.user_id?.S;
    return { members: Items.map(toMember), ...(last === undefined ? {} : { last }) };
  }

  /** @throws TableUnavailableError */
  async read(userId: string): Promise<Member | undefined> {
    const { Item } = await callTable(() =>
      this.client.send(
        new GetItemCommand({
          TableName: this.tableName,
          Key: memberKey(userId),
          ConsistentRead: true,
        }),
      ),
    );
    return Item && toMember(Item);
  }

  /**
   * Changes a member's details in one write. It never creates a member.
   * @returns the changed member, or undefined if there is none
   * @throws StaleVersionError; TableUnavailableError, and then the change may have been made
   */
  async change(userId: string, changes: MemberChanges): Promise<Member | undefined> {
    const update = {
      TableName: this.tableName,
      Key: memberKey(userId),
      ...formatUpdate(changes),
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const;
    try {
      const { Attributes = {} } = await writeOnce(this.writeOnceClient, (client) =>
        client.send(new UpdateItemCommand(update)),
      );
      return toMember(Attributes);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if (!error.Item) return undefined;
      throw new StaleVersionError(toMember(error.Item).version);
    }
  }

  /** @returns whether the member existed @throws TableUnavailableError */
  async remove(userId: string): Promise<boolean> {
    const { Attributes } = await callTable(() =>
      this.client.send(
        new DeleteItemCommand({
          TableName: this.tableName,
          Key: memberKey(userId),
          ReturnValues: 'ALL_OLD',
        }),
      ),
    );
    return Attributes !== undefined;
  }
}

/** Formats the expressions of an update: null removes a detail, and the version must match if the caller gave one. */
function formatUpdate({ details, version }: MemberChanges) {
  const set = Object.entries(details).filter(([, value]) => value !== null);
  const removed = Object.keys(details).filter((name) => !set.some(([other]) => other === name));
  const conditions = ['attribute_exists(user_id)'];
  if (version === 0) conditions.push('attribute_not_exists(#version)');
  else if (version !== undefined) conditions.push('#version = :version');
  const expressions = ['ADD #version :one'];
  if (set.length) expressions.push(`SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}`);
  if (removed.length) expressions.push(`REMOVE ${removed.map((name) => `#${name}`).join(', ')}`);
  const names = ['version', ...Object.keys(details)];
  return {
    UpdateExpression: expressions.join(' '),
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: marshall({
      ':one': 1,
      ...(version ? { ':version': version } : {}),
      ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
    }),
  };
}

/** Reads details that something else wrote with another type as unknown. @throws BrokenItemError without an id */
function toMember(item: Item): Member {
  return {
    user_id: readText(item, 'user_id'),
    name: item.name?.S ?? null,
    email: item.email?.S ?? null,
    age: item.age?.N === undefined ? null : Number(item.age.N),
    version: readInteger(item, 'version', 0),
  };
}
