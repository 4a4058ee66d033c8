import { resolveEndpoint } from '../aws/signed/endpoint';
import { requireVariable } from '../aws/environment';
import { SignedCaller } from '../aws/signed/signedCaller';

/** An item, as far as it is read here. */
interface CountItem {
  Count?: { N?: string };
}

/**
 * The tags' counts for the function that every visit goes through, and for no other: what `CountsTable` does of it,
 * without the SDK's client.
 */
export class VisitCounts {
  constructor(
    private readonly caller: SignedCaller,
    private readonly tableName: string,
  ) {}

  /**
   * Counts one visit by one atomic write.
   * @returns the tag's count, this visit included
   * @throws TableUnavailableError when no answer came; whether the visit was counted is then not known
   */
  async recordVisit(tag: string): Promise<number> {
    const { Attributes } = (await this.caller.call('UpdateItem', {
      TableName: this.tableName,
      Key: { ID: { S: tag } },
      UpdateExpression: 'ADD #count :one',
      ExpressionAttributeNames: { '#count': 'Count' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValues: 'UPDATED_NEW',
    })) as { Attributes?: CountItem };
    return countIn(Attributes);
  }

  /** @throws TableUnavailableError */
  async readCount(tag: string): Promise<number> {
    const { Item } = (await this.caller.call('GetItem', {
      TableName: this.tableName,
      Key: { ID: { S: tag } },
      // So that who has just visited sees that visit.
      ConsistentRead: true,
    })) as { Item?: CountItem };
    return countIn(Item);
  }
}

/** The counts of the function that runs here, by the environment that the template gives it. */
export function openVisitCounts(): VisitCounts {
  const caller = new SignedCaller(resolveEndpoint(process.env), requireVariable('AWS_REGION'));
  return new VisitCounts(caller, requireVariable('TABLE_NAME'));
}

function countIn(item: CountItem | undefined): number {
  return Number(item?.Count?.N ?? 0);
}
