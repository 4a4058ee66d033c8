import type { DynamoDBRecord } from 'aws-lambda';
import { totalKey } from '../visits/tag';

/** By how much the records move the sum of all counts: what each image counts more than the one before. */
export function sumDifferences(records: DynamoDBRecord[]): number {
  return records
    .map((record) => record.dynamodb)
    .filter((change) => change?.Keys?.ID?.S !== totalKey)
    .reduce((sum, change) => sum + countIn(change?.NewImage) - countIn(change?.OldImage), 0);
}

type Image = NonNullable<DynamoDBRecord['dynamodb']>['NewImage'];

function countIn(image: Image): number {
  return Number(image?.Count?.N ?? 0);
}
