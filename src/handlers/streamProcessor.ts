import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { createCountingClient } from '../aws/dynamodb';
import { requireVariable } from '../aws/environment';
import { sumDifferences } from '../totals/difference';
import { TotalStore } from '../totals/totalStore';

const totalStore = new TotalStore(createCountingClient(), requireVariable('TABLE_NAME'));

/** Moves the total by what a batch of the table's stream says. One that fails is sent again whole. */
export async function handler(event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  await totalStore.move(sumDifferences(event.Records));
  return { batchItemFailures: [] };
}
