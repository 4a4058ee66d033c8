interface Record {
  dynamodb: { SequenceNumber: string };
}

/** A sample event as it would arrive the n-th time: records of a stream get later sequence numbers. */
export function varyEvent(event: unknown, round: number): unknown {
  if (!isStreamEvent(event)) return event;
  const Records = event.Records.map((record) => {
    const SequenceNumber = String(BigInt(record.dynamodb.SequenceNumber) + BigInt(round) * 1_000_000n);
    return { ...record, dynamodb: { ...record.dynamodb, SequenceNumber } };
  });
  return { ...event, Records };
}

function isStreamEvent(event: unknown): event is { Records: Record[] } {
  const { Records } = event as { Records?: Partial<Record>[] };
  return Records?.[0]?.dynamodb?.SequenceNumber !== undefined;
}
