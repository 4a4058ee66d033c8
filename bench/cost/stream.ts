/** A batch of the counts table's stream: visits of `tags` tags in turn, each of them the tag's next. */
export class VisitStream {
  /** What each tag counts by now. */
  readonly counts = new Map<string, number>();
  private sequence = 10n ** 20n;

  /** @param day on which the visits happened, `YYYY-MM-DD` */
  next(visits: number, tags: number, day = '2026-01-01'): { Records: unknown[] } {
    const Records = Array.from({ length: visits }, (_, index) => {
      const ID = { S: `docs/page-${index % tags}` };
      const before = this.counts.get(ID.S) ?? 0;
      this.counts.set(ID.S, before + 1);
      this.sequence += 1n;
      return {
        eventName: before === 0 ? 'INSERT' : 'MODIFY',
        dynamodb: {
          Keys: { ID },
          SequenceNumber: `${this.sequence}`,
          ApproximateCreationDateTime: Date.parse(`${day}T12:00:00Z`) / 1_000,
          ...(before === 0 ? {} : { OldImage: { ID, Count: { N: `${before}` } } }),
          NewImage: { ID, Count: { N: `${before + 1}` } },
        },
        eventSourceARN: 'arn:aws:dynamodb:us-east-1:123456789012:table/T/stream/2026-01-01T00:00:00.000',
      };
    });
    return { Records };
  }
}
