import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { _Record, AttributeValue } from '@aws-sdk/client-dynamodb-streams';

/** A record as Lambda hands it to a function: JSON, with binary values as base64. */
export interface StreamRecord {
  eventID: string | undefined;
  eventName: string | undefined;
  eventVersion: string | undefined;
  eventSource: 'aws:dynamodb';
  awsRegion: string | undefined;
  dynamodb: {
    /** Seconds since 1970; the Streams API's client gives a Date. */
    ApproximateCreationDateTime: number;
    Keys: Record<string, unknown>;
    NewImage?: Record<string, unknown>;
    OldImage?: Record<string, unknown>;
    SequenceNumber: string;
    SizeBytes: number | undefined;
    StreamViewType: string | undefined;
  };
  /** Only in records of deletions by Time to Live. */
  userIdentity?: { type: string | undefined; principalId: string | undefined };
  eventSourceARN: string;
}

/** A record and the values that batching needs. */
export interface PolledRecord {
  record: StreamRecord;
  sequenceNumber: string;
  createdSeconds: number;
  /** UTF-8 length of the record's JSON, for the limit on an invocation's payload. */
  jsonBytes: number;
}

/** The stream returned a record without a sequence number or a time, which cannot be delivered. */
export class MalformedRecordError extends Error {}

/** @throws MalformedRecordError */
export function toStreamRecord(polled: _Record, streamArn: string): StreamRecord {
  const { dynamodb, userIdentity } = polled;
  if (dynamodb?.SequenceNumber === undefined || dynamodb.ApproximateCreationDateTime === undefined)
    throw new MalformedRecordError(
      `A record of ${streamArn} lacks its sequence number or time (event ${String(polled.eventID)}).`,
    );
  return {
    eventID: polled.eventID,
    eventName: polled.eventName,
    eventVersion: polled.eventVersion,
    eventSource: 'aws:dynamodb',
    awsRegion: polled.awsRegion,
    dynamodb: {
      ApproximateCreationDateTime: dynamodb.ApproximateCreationDateTime.getTime() / 1_000,
      Keys: encodeImage(dynamodb.Keys ?? {}),
      ...(dynamodb.NewImage && { NewImage: encodeImage(dynamodb.NewImage) }),
      ...(dynamodb.OldImage && { OldImage: encodeImage(dynamodb.OldImage) }),
      SequenceNumber: dynamodb.SequenceNumber,
      SizeBytes: dynamodb.SizeBytes,
      StreamViewType: dynamodb.StreamViewType,
    },
    ...(userIdentity && {
      userIdentity: { type: userIdentity.Type, principalId: userIdentity.PrincipalId },
    }),
    eventSourceARN: streamArn,
  };
}

/** DynamoDB writes no record for a write that leaves the item as it was; dynoxide writes one. */
export function changesItem({ dynamodb: { OldImage, NewImage } }: StreamRecord): boolean {
  if (OldImage === undefined || NewImage === undefined) return true;
  return !isDeepStrictEqual(sortSets(OldImage), sortSets(NewImage));
}

/** A set has no order, so its values are compared sorted. */
function sortSets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortSets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => {
      const isSet = /^[SNB]S$/.test(name) && Array.isArray(inner);
      return [name, isSet ? inner.toSorted() : sortSets(inner)];
    }),
  );
}

export function measureRecord(record: StreamRecord): PolledRecord {
  return {
    record,
    sequenceNumber: record.dynamodb.SequenceNumber,
    createdSeconds: record.dynamodb.ApproximateCreationDateTime,
    jsonBytes: Buffer.byteLength(JSON.stringify(record)),
  };
}

/** The lane of a shard, from 0, that a record belongs to: always the same one for the same item. */
export function chooseLane(record: StreamRecord, laneCount: number): number {
  if (laneCount === 1) return 0;
  const { Keys: keys } = record.dynamodb;
  // The engine may name the key's attributes in any order.
  const identity = JSON.stringify(
    Object.keys(keys)
      .sort()
      .map((name) => [name, keys[name]]),
  );
  return createHash('sha1').update(identity).digest().readUInt32BE() % laneCount;
}

function encodeImage(image: Record<string, AttributeValue>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, encodeValue(value)]));
}

function encodeValue(value: AttributeValue): unknown {
  if (value.B !== undefined) return { B: encodeBinary(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(encodeBinary) };
  if (value.L !== undefined) return { L: value.L.map(encodeValue) };
  if (value.M !== undefined) return { M: encodeImage(value.M) };
  return value;
}

function encodeBinary(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
