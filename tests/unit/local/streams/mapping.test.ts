import { MappingError, parseEventSourceMapping } from '../../../../local/streams/mapping';
import { createMapping, streamArn } from '../../../support/streamRecords';

const { id, functionName, functionArn } = createMapping();
const owner = { id, functionName, functionArn };
const minimal = { Stream: streamArn, StartingPosition: 'TRIM_HORIZON' };

test('a mapping with only a stream and a starting position takes AWS’s defaults', () => {
  expect(parseEventSourceMapping(owner, minimal)).toEqual({
    mapping: createMapping(),
    enabled: true,
    unsupportedProperties: [],
  });
});

test('every supported property is read, and numbers and booleans may be a parameter’s text', () => {
  const pattern = { eventName: ['INSERT'] };
  const { mapping, enabled } = parseEventSourceMapping(owner, {
    Stream: streamArn,
    StartingPosition: 'LATEST',
    Enabled: 'false',
    BatchSize: '500',
    MaximumBatchingWindowInSeconds: 5,
    ParallelizationFactor: 2,
    MaximumRetryAttempts: 3,
    MaximumRecordAgeInSeconds: 3_600,
    BisectBatchOnFunctionError: 'true',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    FilterCriteria: { Filters: [{ Pattern: JSON.stringify(pattern) }] },
    DestinationConfig: {
      OnFailure: { Type: 'SQS', Destination: 'arn:aws:sqs:eu-central-1:123456789012:Failed' },
    },
  });
  expect(enabled).toBe(false);
  expect(mapping).toEqual(
    createMapping({
      startingPosition: 'LATEST',
      batchSize: 500,
      maximumBatchingWindowSeconds: 5,
      parallelizationFactor: 2,
      maximumRetryAttempts: 3,
      maximumRecordAgeSeconds: 3_600,
      bisectBatchOnFunctionError: true,
      reportBatchItemFailures: true,
      filters: [pattern],
      onFailureDestination: 'arn:aws:sqs:eu-central-1:123456789012:Failed',
    }),
  );
});

test('unsupported properties are listed', () => {
  const { unsupportedProperties } = parseEventSourceMapping(owner, {
    ...minimal,
    TumblingWindowInSeconds: 30,
    BatchSise: 10,
  });
  expect(unsupportedProperties).toEqual(['TumblingWindowInSeconds', 'BatchSise']);
});

test.each([
  ['BatchSize', 1, 10_000],
  ['MaximumBatchingWindowInSeconds', 0, 300],
  ['ParallelizationFactor', 1, 10],
  ['MaximumRetryAttempts', -1, 10_000],
  ['MaximumRecordAgeInSeconds', 60, 604_800],
])('%s ranges from %d to %d', (name, lowest, highest) => {
  const parse = (value: number) => () => parseEventSourceMapping(owner, { ...minimal, [name]: value });
  expect(parse(lowest)).not.toThrow();
  expect(parse(highest)).not.toThrow();
  // The age also takes −1 for "no limit", but not the value just below its range.
  expect(parse(lowest - 1)).toThrow(name);
  expect(parse(highest + 1)).toThrow(name);
  expect(parse(lowest + 0.5)).toThrow(name);
});

test.each<[name: string, properties: unknown]>([
  ['Properties must be an object', 'x'],
  ['Stream must be the ARN', { StartingPosition: 'LATEST' }],
  [
    'Stream must be the ARN',
    { ...minimal, Stream: 'arn:aws:kinesis:eu-central-1:123456789012:stream/Things' },
  ],
  ['StartingPosition must be', { Stream: streamArn }],
  ['StartingPosition must be', { ...minimal, StartingPosition: 'AT_TIMESTAMP' }],
  ['Enabled must be true or false', { ...minimal, Enabled: 'yes' }],
  ['BatchSize must be a whole number from 1 to 10000, not "many"', { ...minimal, BatchSize: 'many' }],
  ['BisectBatchOnFunctionError must be', { ...minimal, BisectBatchOnFunctionError: 1 }],
  ['FunctionResponseTypes takes', { ...minimal, FunctionResponseTypes: ['ReportItems'] }],
  ['FilterCriteria must be an object', { ...minimal, FilterCriteria: [] }],
  ['FilterCriteria.Filters must be a list', { ...minimal, FilterCriteria: { Filters: {} } }],
  [
    'FilterCriteria.Filters[0].Pattern must be a string',
    { ...minimal, FilterCriteria: { Filters: [{ Pattern: {} }] } },
  ],
  [
    'FilterCriteria.Filters[1].Pattern is not JSON',
    { ...minimal, FilterCriteria: { Filters: [{ Pattern: '{"a":["b"]}' }, { Pattern: '{a' }] } },
  ],
  [
    'FilterCriteria.Filters[0].Pattern: "a" is an empty array',
    { ...minimal, FilterCriteria: { Filters: [{ Pattern: '{"a":[]}' }] } },
  ],
  [
    'DestinationConfig.OnFailure.Destination must be',
    { ...minimal, DestinationConfig: { OnFailure: { Type: 'SQS' } } },
  ],
])('an invalid mapping is rejected: %s, given %j', (message, properties) => {
  const parse = () => parseEventSourceMapping(owner, properties);
  expect(parse).toThrow(MappingError);
  expect(parse).toThrow(`${owner.id}: ${message}`);
});

test('a failure destination is optional', () => {
  const { mapping } = parseEventSourceMapping(owner, { ...minimal, DestinationConfig: {} });
  expect(mapping).not.toHaveProperty('onFailureDestination');
});
