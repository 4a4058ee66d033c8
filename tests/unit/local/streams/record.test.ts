import { chooseLane, MalformedRecordError, toStreamRecord } from '../../../../local/streams/record';
import { createRecord, streamArn } from '../../../support/streamRecords';

const polled = {
  eventID: 'e1',
  eventName: 'REMOVE' as const,
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'eu-central-1',
  userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' },
  dynamodb: {
    ApproximateCreationDateTime: new Date('2024-05-01T12:00:00Z'),
    Keys: { ID: { S: 'a' } },
    OldImage: {
      ID: { S: 'a' },
      Count: { N: '5' },
      Bytes: { B: new Uint8Array([1, 2, 255]) },
      Nested: {
        M: { List: { L: [{ BS: [new Uint8Array([0]), new Uint8Array([97])] }, { NULL: true as const }] } },
      },
    },
    SequenceNumber: '300000000000000499659',
    SizeBytes: 12,
    StreamViewType: 'NEW_AND_OLD_IMAGES' as const,
  },
};

test('a record has the shape that Lambda passes to a function', () => {
  const record = toStreamRecord(polled, streamArn);
  expect(record).toEqual({
    eventID: 'e1',
    eventName: 'REMOVE',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-central-1',
    userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    dynamodb: {
      ApproximateCreationDateTime: 1_714_564_800,
      Keys: { ID: { S: 'a' } },
      OldImage: {
        ID: { S: 'a' },
        Count: { N: '5' },
        Bytes: { B: 'AQL/' },
        Nested: { M: { List: { L: [{ BS: ['AA==', 'YQ=='] }, { NULL: true }] } } },
      },
      SequenceNumber: '300000000000000499659',
      SizeBytes: 12,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: streamArn,
  });
  expect(JSON.parse(JSON.stringify(record))).toEqual(record);
});

test('a record without a sequence number is rejected', () => {
  const dynamodb = { ...polled.dynamodb, SequenceNumber: undefined };
  expect(() => toStreamRecord({ ...polled, dynamodb }, streamArn)).toThrow(MalformedRecordError);
});

test('an item stays in its lane, whatever the order of its key attributes', () => {
  const record = createRecord('1');
  const withKeys = (Keys: Record<string, unknown>) => ({ ...record, dynamodb: { ...record.dynamodb, Keys } });
  const lanes = Array.from({ length: 50 }, (_, index) => {
    const [hash, range] = [{ S: `item ${index}` }, { N: '1' }];
    const lane = chooseLane(withKeys({ ID: hash, Day: range }), 10);
    expect(chooseLane(withKeys({ Day: range, ID: hash }), 10)).toBe(lane);
    return lane;
  });
  expect(new Set(lanes)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
});
