import { GetItemCommand, UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { callTable } from '../../src/aws/dynamodb';
import { readCount } from '../../src/tables/attributes';
import { tagKey } from '../../src/tables/keys';

/** Does what `VisitCounts` does with the SDK's client, for comparison. */
export class ClientCounts {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
    private readonly call = callTable,
  ) {}

  async recordVisit(tag: string): Promise<number> {
    const { Attributes = {} } = await this.call(() =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: tagKey(tag),
          UpdateExpression: 'ADD #count :one',
          ExpressionAttributeNames: { '#count': 'Count' },
          ExpressionAttributeValues: marshall({ ':one': 1 }),
          ReturnValues: 'UPDATED_NEW',
        }),
      ),
    );
    return readCount(Attributes);
  }

  async readCount(tag: string): Promise<number> {
    const { Item = {} } = await this.call(() =>
      this.client.send(
        new GetItemCommand({
          TableName: this.tableName,
          Key: tagKey(tag),
          ConsistentRead: true,
        }),
      ),
    );
    return readCount(Item);
  }
}
