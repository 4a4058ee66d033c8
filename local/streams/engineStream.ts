import { createHash } from 'node:crypto';
import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import type { EventSourceMapping } from './mapping';

/** dynoxide writes its name where an ARN has the Region, and seconds with a fraction where the label has a time. */
const engineArnPattern = /^arn:aws:dynamodb:dynoxide:\d*:(table\/.+\/stream\/)(\d+\.\d+)$/;

/** AWS's sequence numbers have 21 to 40 digits. A prefix and 20 digits keep the order of dynoxide's short numbers. */
const sequencePrefix = '1';
const sequenceDigits = 20;

/**
 * Translates between dynoxide's names and numbers of a stream and those that a function receives on AWS. The stream of
 * another engine keeps its own.
 */
export class EngineStream {
  readonly arn: string;
  readonly eventSourceArn: string;
  readonly #isRenamed: boolean;

  constructor({ streamArn, functionArn }: Pick<EventSourceMapping, 'streamArn' | 'functionArn'>) {
    this.arn = streamArn;
    const [, path = '', seconds] = engineArnPattern.exec(streamArn) ?? [];
    this.#isRenamed = seconds !== undefined;
    const [, , , region = '', account = ''] = functionArn.split(':');
    this.eventSourceArn = this.#isRenamed
      ? `arn:aws:dynamodb:${region}:${account}:${path}${formatLabel(Number(seconds))}`
      : streamArn;
  }

  /** The record with the Region, event id and sequence number that it would have on AWS. */
  translate(record: _Record, shardId: string): _Record {
    const number = record.dynamodb?.SequenceNumber;
    if (!this.#isRenamed || number === undefined) return record;
    return {
      ...record,
      // dynoxide's own id is the sequence number, so records of two streams share it.
      eventID: createHash('md5').update(`${this.arn} ${shardId} ${number}`).digest('hex'),
      awsRegion: this.eventSourceArn.split(':')[3],
      dynamodb: { ...record.dynamodb, SequenceNumber: toSequenceNumber(number) },
    };
  }

  /** The engine's form of a sequence number. A checkpoint that an earlier version wrote has that form already. */
  toEngineNumber(sequenceNumber: string): string {
    const isPadded = this.#isRenamed && sequenceNumber.length === sequencePrefix.length + sequenceDigits;
    return isPadded ? String(BigInt(sequenceNumber.slice(sequencePrefix.length))) : sequenceNumber;
  }
}

function toSequenceNumber(engineNumber: string): string {
  return sequencePrefix + engineNumber.padStart(sequenceDigits, '0');
}

/** A stream's label on AWS, such as `2026-11-20T08:15:30.123`. */
function formatLabel(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('Z', '');
}
