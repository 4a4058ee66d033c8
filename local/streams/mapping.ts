import { isObject } from '../json';
import { compileFilters, FilterPatternError } from './filters';

/** AWS's event source mapping: how one function reads one DynamoDB stream. */
export interface EventSourceMapping {
  /** Such as `StreamProcessorFunctionDynamoDBStream`: SAM's logical id of the mapping. */
  id: string;
  functionName: string;
  functionArn: string;
  streamArn: string;
  startingPosition: 'TRIM_HORIZON' | 'LATEST';
  batchSize: number;
  maximumBatchingWindowSeconds: number;
  parallelizationFactor: number;
  /** −1: for ever. N retries are N + 1 invocations. */
  maximumRetryAttempts: number;
  /** −1: no limit. */
  maximumRecordAgeSeconds: number;
  bisectBatchOnFunctionError: boolean;
  reportBatchItemFailures: boolean;
  /** Parsed patterns. A record is delivered when one of them matches, or when the list is empty. */
  filters: unknown[];
  /** The id of the destination for messages about records that were given up. */
  onFailureDestination?: string;
}

/** AWS would reject a property of a stream event. The message names the property. */
export class MappingError extends Error {}

export interface ParsedMapping {
  mapping: EventSourceMapping;
  /** False for `Enabled: false`; the stream is not read then. */
  enabled: boolean;
  /** The names of properties that are set and have no effect here. */
  unsupportedProperties: string[];
}

const knownProperties = new Set([
  'Stream',
  'StartingPosition',
  'Enabled',
  'BatchSize',
  'MaximumBatchingWindowInSeconds',
  'ParallelizationFactor',
  'MaximumRetryAttempts',
  'MaximumRecordAgeInSeconds',
  'BisectBatchOnFunctionError',
  'FunctionResponseTypes',
  'FilterCriteria',
  'DestinationConfig',
]);

/**
 * Reads the `Properties` of a SAM `DynamoDB` event after its intrinsic functions were resolved. Ranges and defaults are
 * those of CreateEventSourceMapping.
 * @throws MappingError
 */
export function parseEventSourceMapping(
  owner: Pick<EventSourceMapping, 'id' | 'functionName' | 'functionArn'>,
  properties: unknown,
): ParsedMapping {
  try {
    return parseProperties(owner, assertObject('Properties', properties));
  } catch (error) {
    if (error instanceof MappingError) throw new MappingError(`${owner.id}: ${error.message}`);
    throw error;
  }
}

function parseProperties(
  { id, functionName, functionArn }: Pick<EventSourceMapping, 'id' | 'functionName' | 'functionArn'>,
  properties: Record<string, unknown>,
): ParsedMapping {
  const readInteger = (name: string, fallback: number, least: number, most: number) =>
    properties[name] === undefined ? fallback : parseInteger(name, properties[name], least, most);
  const readBoolean = (name: string, fallback: boolean) =>
    properties[name] === undefined ? fallback : parseBoolean(name, properties[name]);
  const onFailureDestination = parseDestination(properties.DestinationConfig);

  return {
    mapping: {
      id,
      functionName,
      functionArn,
      streamArn: parseStreamArn(properties.Stream),
      startingPosition: parseStartingPosition(properties.StartingPosition),
      batchSize: readInteger('BatchSize', 100, 1, 10_000),
      maximumBatchingWindowSeconds: readInteger('MaximumBatchingWindowInSeconds', 0, 0, 300),
      parallelizationFactor: readInteger('ParallelizationFactor', 1, 1, 10),
      maximumRetryAttempts: readInteger('MaximumRetryAttempts', -1, -1, 10_000),
      maximumRecordAgeSeconds: parseRecordAge(readInteger('MaximumRecordAgeInSeconds', -1, -1, 604_800)),
      bisectBatchOnFunctionError: readBoolean('BisectBatchOnFunctionError', false),
      reportBatchItemFailures: parseResponseTypes(properties.FunctionResponseTypes),
      filters: parseFilters(properties.FilterCriteria),
      ...(onFailureDestination !== undefined && { onFailureDestination }),
    },
    enabled: readBoolean('Enabled', true),
    unsupportedProperties: Object.keys(properties).filter((name) => !knownProperties.has(name)),
  };
}

function parseStreamArn(value: unknown): string {
  if (typeof value !== 'string' || !/^arn:[^:]+:dynamodb:.+\/stream\/.+$/.test(value))
    throw new MappingError(`Stream must be the ARN of a DynamoDB stream, not ${JSON.stringify(value)}`);
  return value;
}

function parseStartingPosition(value: unknown): EventSourceMapping['startingPosition'] {
  if (value === 'TRIM_HORIZON' || value === 'LATEST') return value;
  throw new MappingError(`StartingPosition must be TRIM_HORIZON or LATEST, not ${JSON.stringify(value)}`);
}

function parseRecordAge(ageSeconds: number): number {
  // AWS's documented range begins at −1, and the documentation adds that 0 to 59 are rejected.
  if (ageSeconds >= 0 && ageSeconds < 60)
    throw new MappingError(`MaximumRecordAgeInSeconds must be -1 or from 60 to 604800, not ${ageSeconds}`);
  return ageSeconds;
}

function parseResponseTypes(value: unknown): boolean {
  if (value === undefined) return false;
  const types: unknown[] = Array.isArray(value) ? value : [value];
  if (types.some((type) => type !== 'ReportBatchItemFailures'))
    throw new MappingError(
      `FunctionResponseTypes takes a list of ReportBatchItemFailures, not ${JSON.stringify(value)}`,
    );
  return types.length > 0;
}

function parseFilters(value: unknown): unknown[] {
  if (value === undefined) return [];
  const filters = assertObject('FilterCriteria', value).Filters ?? [];
  if (!Array.isArray(filters)) throw new MappingError('FilterCriteria.Filters must be a list');
  return filters.map((filter, index) => {
    const name = `FilterCriteria.Filters[${index}]`;
    return parsePattern(`${name}.Pattern`, assertObject(name, filter).Pattern);
  });
}

function parsePattern(name: string, text: unknown): unknown {
  if (typeof text !== 'string') throw new MappingError(`${name} must be a string of JSON`);
  try {
    const pattern: unknown = JSON.parse(text);
    compileFilters([pattern]);
    return pattern;
  } catch (error) {
    if (error instanceof SyntaxError) throw new MappingError(`${name} is not JSON: ${error.message}`);
    if (error instanceof FilterPatternError) throw new MappingError(`${name}: ${error.message}`);
    throw error;
  }
}

function parseDestination(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const onFailure = assertObject('DestinationConfig', value).OnFailure;
  if (onFailure === undefined) return undefined;
  const { Destination: destination } = assertObject('DestinationConfig.OnFailure', onFailure);
  if (typeof destination !== 'string' || destination === '')
    throw new MappingError(
      `DestinationConfig.OnFailure.Destination must be a string, not ${JSON.stringify(destination)}`,
    );
  return destination;
}

/** CloudFormation accepts `"100"` for 100, as parameters resolve to text. */
function parseInteger(name: string, value: unknown, least: number, most: number): number {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < least || number > most)
    throw new MappingError(
      `${name} must be a whole number from ${least} to ${most}, not ${JSON.stringify(value)}`,
    );
  return number;
}

function parseBoolean(name: string, value: unknown): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new MappingError(`${name} must be true or false, not ${JSON.stringify(value)}`);
}

function assertObject(name: string, value: unknown): Record<string, unknown> {
  if (isObject(value)) return value;
  throw new MappingError(`${name} must be an object, not ${JSON.stringify(value)}`);
}
