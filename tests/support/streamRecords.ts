import type { EventSourceMapping } from '../../local/streams/mapping';
import { measureRecord, type PolledRecord, type StreamRecord } from '../../local/streams/record';

export const streamArn =
  'arn:aws:dynamodb:eu-central-1:123456789012:table/Things/stream/2024-05-01T12:00:00.000';

export function createMapping(overrides: Partial<EventSourceMapping> = {}): EventSourceMapping {
  return {
    id: 'ThingsFunctionStream',
    functionName: 'ThingsFunction',
    functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:ThingsFunction',
    streamArn,
    startingPosition: 'TRIM_HORIZON',
    batchSize: 100,
    maximumBatchingWindowSeconds: 0,
    parallelizationFactor: 1,
    maximumRetryAttempts: -1,
    maximumRecordAgeSeconds: -1,
    bisectBatchOnFunctionError: false,
    reportBatchItemFailures: false,
    filters: [],
    ...overrides,
  };
}

export function createRecord(
  sequenceNumber: string,
  { createdSeconds = 1_714_564_800, text = '' } = {},
): StreamRecord {
  return {
    eventID: `event ${sequenceNumber}`,
    eventName: 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-central-1',
    dynamodb: {
      ApproximateCreationDateTime: createdSeconds,
      Keys: { ID: { S: `item ${sequenceNumber}` } },
      NewImage: { ID: { S: `item ${sequenceNumber}` }, Text: { S: text } },
      SequenceNumber: sequenceNumber,
      SizeBytes: 40,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: streamArn,
  };
}

/** Creates records with sequence numbers from 1. */
export function createPolledRecords(count: number, createdSeconds?: number): PolledRecord[] {
  return Array.from({ length: count }, (_, index) =>
    measureRecord(createRecord(String(index + 1), createdSeconds === undefined ? {} : { createdSeconds })),
  );
}
