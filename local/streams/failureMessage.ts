import type { Discard } from './batch';
import { EngineStream } from './engineStream';
import type { EventSourceMapping } from './mapping';

/** AWS's message to an on-failure destination. It names the records' place in the stream and does not contain them. */
export interface FailureMessage {
  requestContext: {
    requestId: string;
    functionArn: string;
    condition: Discard['condition'];
    approximateInvokeCount: number;
  };
  responseContext: { statusCode: 200; executedVersion: '$LATEST'; functionError: 'Unhandled' | null };
  version: '1.0';
  timestamp: string;
  DDBStreamBatchInfo: {
    shardId: string;
    startSequenceNumber: string;
    endSequenceNumber: string;
    approximateArrivalOfFirstRecord: string;
    approximateArrivalOfLastRecord: string;
    batchSize: number;
    streamArn: string;
  };
}

/** @param fallbackRequestId the request id of records that were given up without an invocation */
export function createFailureMessage(
  mapping: Pick<EventSourceMapping, 'functionArn' | 'streamArn'>,
  shardId: string,
  { condition, records, invokeCount, lastFailure }: Discard,
  nowMs: number,
  fallbackRequestId: string,
): FailureMessage {
  const first = records.at(0);
  const last = records.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('No records to report.');
  return {
    requestContext: {
      requestId: lastFailure?.requestId ?? fallbackRequestId,
      functionArn: mapping.functionArn,
      condition,
      approximateInvokeCount: invokeCount,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      functionError: lastFailure?.functionError ?? null,
    },
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: formatArrival(first.createdSeconds),
      approximateArrivalOfLastRecord: formatArrival(last.createdSeconds),
      batchSize: records.length,
      streamArn: new EngineStream(mapping).eventSourceArn,
    },
  };
}

/** AWS writes arrivals in whole seconds, `2019-11-14T00:13:19Z`, and its own time with milliseconds. */
function formatArrival(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace(/\.\d+Z$/, 'Z');
}
