import { paginateScan, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { callTable } from '../aws/dynamodb';
import { readCount, readText } from '../tables/attributes';
import { counterId } from '../tables/keys';
import { readStartingCount } from '../tags/startingCount';
import type { ListedTag } from './tagList';

/** About 32 MB or half a million tags: 4,000 read units and some seconds. */
const maxScanPages = 32;

/**
 * Reads every tag of DynamoDBTable, in no order. A count may be a second old.
 * @returns `isComplete` is false if the table has more than `maxScanPages` pages of 1 MB; the rest is not read
 * @throws TableUnavailableError, BrokenItemError
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
        ProjectionExpression: 'ID, #count, #start, StartOrigin',
        ExpressionAttributeNames: { '#count': 'Count', '#start': 'Start' },
      },
    );
    for await (const { Items = [], LastEvaluatedKey } of pages) {
      for (const item of Items) {
        const tag = readText(item, 'ID');
        if (tag === counterId) continue;
        const start = readStartingCount(item)?.visits;
        tags.push({ tag, count: readCount(item), ...(start === undefined ? {} : { start }) });
      }
      pagesLeft -= 1;
      if (LastEvaluatedKey && pagesLeft === 0) return { tags, isComplete: false };
    }
    return { tags, isComplete: true };
  });
}
