import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { callTable } from '../aws/dynamodb';
import type { MemberChanges, MemberDetails } from './memberChanges';

/** A member as the API shows it. */
export interface Member extends MemberDetails {
  user_id: string;
  /** Grows with every change; 0 of an item that something else wrote. */
  version: number;
}

/** The member has changed since the caller looked. */
export class StaleVersionError extends Error {
  constructor(version: number) {
    super(`The member has changed meanwhile and is at version ${version} now.`);
  }
}

/** DynamoDB takes no longer key. */
const maxKeyBytes = 2_048;

/** Whether there could be a member of this id at all. */
export function isUserId(text: string): boolean {
  return text !== '' && Buffer.byteLength(text) <= maxKeyBytes;
}

/** The members, an item each: `{user_id, name, email, age, version}`, where a detail that is unknown is left out. */
export class MembersTable {
  /**
   * @param client for calls that may be repeated
   * @param changingClient for changes, whose repetition would find its own version and call it someone else's
   */
  constructor(
    private readonly client: DynamoDBClient,
    private readonly changingClient: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /** Writes a member who is not there yet, and leaves one who is. @throws TableUnavailableError */
  async addIfMissing(userId: string, details: MemberDetails): Promise<void> {
    const known = Object.entries(details).filter(([, value]) => value !== null);
    try {
      await callTable(() =>
        this.client.send(
          new PutItemCommand({
            TableName: this.tableName,
            Item: marshall({ user_id: userId, ...Object.fromEntries(known), version: 1 }),
            ConditionExpression: 'attribute_not_exists(user_id)',
          }),
        ),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  /**
   * Members in no order that means anything, which does not change either.
   * @param after the id behind which to go on
   * @returns with the id to go on behind, unless these are the last
   * @throws TableUnavailableError
   */
  async list(limit: number, after: string | undefined): Promise<{ members: Member[]; last?: string }> {
    const { Items = [], LastEvaluatedKey } = await callTable(() =>
      this.client.send(
        new ScanCommand({
          TableName: this.tableName,
          Limit: limit,
          ExclusiveStartKey: after === undefined ? undefined : marshall({ user_id: after }),
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
          Key: marshall({ user_id: userId }),
          ConsistentRead: true,
        }),
      ),
    );
    return Item && toMember(Item);
  }

  /**
   * Changes a member's details in one write; it makes no member.
   * @returns the member as it is then, or nothing when there is none
   * @throws StaleVersionError when the changes are for another version; TableUnavailableError when no answer came,
   * and whether the changes were made is then not known
   */
  async change(userId: string, { details, version }: MemberChanges): Promise<Member | undefined> {
    const set = Object.entries(details).filter(([, value]) => value !== null);
    const removed = Object.keys(details).filter((name) => !set.some(([other]) => other === name));
    const conditions = ['attribute_exists(user_id)'];
    if (version === 0) conditions.push('attribute_not_exists(#version)');
    else if (version !== undefined) conditions.push('#version = :version');
    const expressions = ['ADD #version :one'];
    if (set.length) expressions.push(`SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}`);
    if (removed.length) expressions.push(`REMOVE ${removed.map((name) => `#${name}`).join(', ')}`);
    const names = ['version', ...Object.keys(details)];
    try {
      const { Attributes = {} } = await callTable(() =>
        this.changingClient.send(
          new UpdateItemCommand({
            TableName: this.tableName,
            Key: marshall({ user_id: userId }),
            UpdateExpression: expressions.join(' '),
            ConditionExpression: conditions.join(' AND '),
            ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
            ExpressionAttributeValues: marshall({
              ':one': 1,
              ...(version ? { ':version': version } : {}),
              ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
            }),
            ReturnValues: 'ALL_NEW',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        ),
      );
      return toMember(Attributes);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if (!error.Item) return undefined;
      throw new StaleVersionError(toMember(error.Item).version);
    }
  }

  /** @returns whether there was such a member @throws TableUnavailableError */
  async remove(userId: string): Promise<boolean> {
    const { Attributes } = await callTable(() =>
      this.client.send(
        new DeleteItemCommand({
          TableName: this.tableName,
          Key: marshall({ user_id: userId }),
          ReturnValues: 'ALL_OLD',
        }),
      ),
    );
    return Attributes !== undefined;
  }
}

function toMember(item: Record<string, AttributeValue>): Member {
  const known = unmarshall(item) as { user_id: string } & Partial<Member>;
  const { user_id, name = null, email = null, age = null, version = 0 } = known;
  return { user_id, name, email, age, version };
}
