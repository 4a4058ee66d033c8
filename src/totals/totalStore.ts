import { UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { callTable } from '../aws/dynamodb';
import { totalKey } from '../visits/tag';

/** The grand total's item in the tags' table. */
export class TotalStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /** Moves the total. @throws TableUnavailableError */
  async move(difference: number): Promise<void> {
    if (difference === 0) return;
    await callTable(() =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: marshall({ ID: totalKey }),
          UpdateExpression: 'ADD TotalViews :difference',
          ExpressionAttributeValues: marshall({ ':difference': difference }),
        }),
      ),
    );
  }
}
