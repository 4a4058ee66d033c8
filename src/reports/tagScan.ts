import { paginateScan, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { callTable } from '../aws/dynamodb';
import { BrokenItemError, readCount, readText, type Item } from '../tables/attributes';
import { counterId } from '../tables/keys';
import { readStartingCount } from '../tags/startingCount';
import type { ListedTag } from './tagList';

/** About 32 MB or half a million tags: 4,000 read units and some seconds. */
const maxScanPages = 32;

/**
 * Reads every tag of DynamoDBTable, in no order. A count may be a second old.
 * @returns `isComplete` is false if tags are missing: the table has more than `maxScanPages` pages of 1 MB, or somebody
 * broke an item
 * @throws TableUnavailableError
 */
export async function scanTags(
  client: DynamoDBClient,
  tableName: string,
): Promise<{ tags: ListedTag[]; isComplete: boolean }> {
  const { items, isWhole } = await callTable(() => scanItems(client, tableName));
  const tags = items.filter(({ ID }) => ID?.S !== counterId).map(readListedTag);
  const readable = tags.filter((tag) => tag !== undefined);
  return { tags: readable, isComplete: isWhole && readable.length === tags.length };
}

async function scanItems(client: DynamoDBClient, TableName: string) {
  const items: Item[] = [];
  let pagesLeft = maxScanPages;
  const pages = paginateScan(
    { client },
    {
      TableName,
      ProjectionExpression: 'ID, #count, #start, StartOrigin',
      ExpressionAttributeNames: { '#count': 'Count', '#start': 'Start' },
    },
  );
  for await (const { Items = [], LastEvaluatedKey } of pages) {
    items.push(...Items);
    pagesLeft -= 1;
    if (LastEvaluatedKey && pagesLeft === 0) return { items, isWhole: false };
  }
  return { items, isWhole: true };
}

/** A broken item must not hide the others, so the log tells of it. */
function readListedTag(item: Item): ListedTag | undefined {
  try {
    const start = readStartingCount(item)?.visits;
    const listed = { tag: readText(item, 'ID'), count: readCount(item) };
    return start === undefined ? listed : { ...listed, start };
  } catch (error) {
    if (!(error instanceof BrokenItemError)) throw error;
    console.error(`The list leaves out the tag ${item.ID?.S ?? ''}.`, error);
    return undefined;
  }
}
