import { createSignedCaller, type SignedCaller } from '../aws/signed/signedCaller';
import { readCount, type Item } from '../tables/attributes';
import { tagKey } from '../tables/keys';
import type { Tag } from '../tags/tag';

/** Counts visits in DynamoDBTable, without the SDK's client. `CountsTable` reads the same counts with the SDK. */
export class VisitCounts {
  constructor(
    private readonly caller: SignedCaller,
    private readonly tableName: string,
  ) {}

  /**
   * Counts one visit with one atomic write.
   * @returns the tag's count, this visit included
   * @throws TableUnavailableError, and then the visit may have been counted
   */
  async recordVisit(tag: Tag): Promise<number> {
    const { Attributes = {} } = (await this.caller.call('UpdateItem', {
      TableName: this.tableName,
      Key: tagKey(tag),
      UpdateExpression: 'ADD #count :one',
      ExpressionAttributeNames: { '#count': 'Count' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValues: 'UPDATED_NEW',
    })) as { Attributes?: Item };
    return readCount(Attributes);
  }

  /** @throws TableUnavailableError */
  async readCount(tag: Tag): Promise<number> {
    const { Item = {} } = (await this.caller.call('GetItem', {
      TableName: this.tableName,
      Key: tagKey(tag),
      // So that visitors see their own visit.
      ConsistentRead: true,
    })) as { Item?: Item };
    return readCount(Item);
  }
}

/** @param tableName DynamoDBTable's name @throws MissingVariableError */
export function openVisitCounts(tableName: string): VisitCounts {
  return new VisitCounts(createSignedCaller(), tableName);
}
