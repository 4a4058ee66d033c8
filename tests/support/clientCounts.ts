import { GetItemCommand, UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { callTable } from '../../src/aws/dynamodb';
import { countIn } from '../../src/reports/countsTable';

/** What `VisitCounts` does, by the SDK's client: what it is held to. */
export class ClientCounts {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async recordVisit(tag: string): Promise<number> {
    const { Attributes = {} } = await callTable(() =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: marshall({ ID: tag }),
          UpdateExpression: 'ADD #count :one',
          ExpressionAttributeNames: { '#count': 'Count' },
          ExpressionAttributeValues: marshall({ ':one': 1 }),
          ReturnValues: 'UPDATED_NEW',
        }),
      ),
    );
    return countIn(Attributes);
  }

  async readCount(tag: string): Promise<number> {
    const { Item = {} } = await callTable(() =>
      this.client.send(
        new GetItemCommand({
          TableName: this.tableName,
          Key: marshall({ ID: tag }),
          ConsistentRead: true,
        }),
      ),
    );
    return countIn(Item);
  }
}
