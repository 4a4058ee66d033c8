interface Record {
  dynamodb: { SequenceNumber: string };
}

/** A sample event as it would come the n-th time: a stream's records go on from where they ended. */
export function varyEvent(event: unknown, call: number): unknown {
  if (!isStreamEvent(event)) return event;
  const Records = event.Records.map((record) => {
    const SequenceNumber = String(BigInt(record.dynamodb.SequenceNumber) + BigInt(call) * 1_000_000n);
    return { ...record, dynamodb: { ...record.dynamodb, SequenceNumber } };
  });
  return { ...event, Records };
}

function isStreamEvent(event: unknown): event is { Records: Record[] } {
  const { Records } = event as { Records?: Partial<Record>[] };
  return Records?.[0]?.dynamodb?.SequenceNumber !== undefined;
}
