import { paginateScan, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { callTable } from '../aws/dynamodb';
import { countIn } from './countsTable';
import { startIn } from '../tags/startingCount';
import { counterId } from '../tags/tag';
import type { ListedTag } from './tagList';

/** About 32 MB, or half a million tags: 4,000 read units and some seconds. */
const maxScanPages = 32;

/**
 * Reads every tag of the counts' table, in no order, each as it was a moment ago at the most.
 * @returns also whether these are all: a table is read no further than `maxScanPages` pages of 1 MB
 * @throws TableUnavailableError
 */
export function scanTags(
  client: DynamoDBClient,
  tableName: string,
): Promise<{ tags: ListedTag[]; isComplete: boolean }> {
  return callTable(async () => {
    const tags: ListedTag[] = [];
    let pagesLeft = maxScanPages;
    const pages = paginateScan(
      { client },
      {
        TableName: tableName,
        ProjectionExpression: 'ID, #count, #start',
        ExpressionAttributeNames: { '#count': 'Count', '#start': 'Start' },
      },
    );
    for await (const { Items = [], LastEvaluatedKey } of pages) {
      for (const item of Items) {
        if (item.ID?.S === undefined || item.ID.S === counterId) continue;
        const start = startIn(item)?.visits;
        tags.push({ tag: item.ID.S, count: countIn(item), ...(start === undefined ? {} : { start }) });
      }
      pagesLeft -= 1;
      if (LastEvaluatedKey && pagesLeft === 0) return { tags, isComplete: false };
    }
    return { tags, isComplete: true };
  });
}
