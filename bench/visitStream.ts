import type { DynamoDBRecord } from 'aws-lambda';

/** A visit, and the count of its tag afterwards. */
export interface StreamedVisit {
  tag: string;
  count: number;
  sequence: string;
}

/** The counts table's stream while visits go round the tags in turn. */
export class VisitStream {
  /** The current count of each tag. */
  readonly counts = new Map<string, number>();
  private sequence = 10n ** 20n;

  addVisits(visits: number, tags: number): StreamedVisit[] {
    return Array.from({ length: visits }, (_, index) => {
      const tag = `docs/page-${index % tags}`;
      const count = (this.counts.get(tag) ?? 0) + 1;
      this.counts.set(tag, count);
      this.sequence += 1n;
      return { tag, count, sequence: `${this.sequence}` };
    });
  }

  /** Adds visits. @returns the event that Lambda hands to the processor for them */
  nextEvent(visits: number, tags: number, day?: string): { Records: DynamoDBRecord[] } {
    return { Records: this.addVisits(visits, tags).map((visit) => toRecord(visit, day)) };
  }
}

/** @param day the day of the visit, `YYYY-MM-DD` */
export function toRecord({ tag, count, sequence }: StreamedVisit, day = '2026-01-01'): DynamoDBRecord {
  const ID = { S: tag };
  return {
    eventID: sequence,
    eventName: count === 1 ? 'INSERT' : 'MODIFY',
    dynamodb: {
      Keys: { ID },
      SequenceNumber: sequence,
      ApproximateCreationDateTime: Date.parse(`${day}T12:00:00Z`) / 1_000,
      ...(count === 1 ? {} : { OldImage: { ID, Count: { N: `${count - 1}` } } }),
      NewImage: { ID, Count: { N: `${count}` } },
    },
    eventSourceARN: 'arn:aws:dynamodb:us-east-1:123456789012:table/T/stream/2026-01-01T00:00:00.000',
  };
}
