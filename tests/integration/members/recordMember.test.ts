import type { PostAuthenticationTriggerEvent } from 'aws-lambda';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { endAll } from '../../support/cleanup';
import { readItems, startTestEngine, type TestEngine } from '../../support/engine';
import { readEvent } from '../../support/events';
import { startFaultyProxy, type Fault, type FaultyProxy } from '../../support/faultyProxy';
import { startFunction, type TestFunction } from '../../support/functions';

let engine: TestEngine;
let proxy: FaultyProxy;
let recordMember: TestFunction;

beforeAll(async () => {
  engine = await startTestEngine();
  proxy = await startFaultyProxy(engine.endpoint);
  recordMember = await startFunction('RecordMemberFunction', { ...engine, endpoint: proxy.endpoint });
});

afterAll(endAll);

beforeEach(async () => {
  for (const user_id of Object.keys(await members())) {
    await engine.client.send(new DeleteItemCommand({ TableName: 'UsersTable', Key: marshall({ user_id }) }));
  }
});

const members = () => readItems(engine.client, 'UsersTable', 'user_id');
const event = readEvent('recordMember.json');
const { sub = '' } = event.request.userAttributes;
const ann = { name: 'Ann', email: 'ann@example.com', version: 1 };

function withAttributes(attributes: Record<string, string>): PostAuthenticationTriggerEvent {
  return { ...event, request: { ...event.request, userAttributes: { sub, ...attributes } } };
}

describe('A sign-in', () => {
  it('creates a record of the member and returns the event unchanged', async () => {
    expect(await recordMember.invoke(event)).toMatchObject({ ok: true, response: event });
    expect(await members()).toEqual({ [sub]: ann });
  });

  it('creates one record, however often it is repeated', async () => {
    const outcomes = await Promise.all([1, 2, 3].map(() => recordMember.invoke(event)));
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(await members()).toEqual({ [sub]: ann });
  });

  it('keeps fields that were changed and does not restore fields that were removed', async () => {
    const Item = marshall({ user_id: sub, name: 'Ann B.', age: 37, version: 4 });
    await engine.client.send(new PutItemCommand({ TableName: 'UsersTable', Item }));
    await recordMember.invoke(event);
    expect(await members()).toEqual({ [sub]: { name: 'Ann B.', age: 37, version: 4 } });
  });

  it.each<[string, Record<string, string>, Record<string, unknown>]>([
    ['a script', { name: '<script>alert(1)</script>' }, { name: '<script>alert(1)</script>' }],
    ['10,000 characters', { name: 'n'.repeat(10_000), email: `${'e'.repeat(10_000)}@example.com` }, {}],
    ['control characters', { name: 'Ann\u0000', email: 'a\n@example.com' }, {}],
    ['the record’s own fields', { version: '9', user_id: 'admin', age: '7' }, {}],
    ['an unconfirmed address', { email: 'a@b.de', email_verified: 'false' }, { email: 'a@b.de' }],
  ])('with %s in its attributes is harmless', async (_, attributes, recorded) => {
    expect((await recordMember.invoke(withAttributes(attributes))).ok).toBe(true);
    expect(await members()).toEqual({ [sub]: { ...recorded, version: 1 } });
  });

  it.each<Fault>(['hang', 'reset', 'loseReply', 'internalError', 'throttle', 'accessDenied'])(
    'succeeds in time when the table fails with the fault %s, and the log reports it',
    async (fault) => {
      proxy.fault = fault;
      const from = recordMember.log.length;
      const startMs = Date.now();
      const outcome = await recordMember.invoke(event);
      const tookMs = Date.now() - startMs;
      proxy.fault = 'none';
      expect(outcome).toMatchObject({ ok: true, response: event });
      // Cognito waits five seconds for a trigger.
      expect(tookMs).toBeLessThan(4_500);
      const log = recordMember.log.slice(from).join('\n');
      expect(log).toContain(`The member ${sub} could not be recorded.`);
      expect(log).not.toContain('ann@example.com');
    },
  );

  it('creates the record that an earlier sign-in missed because of a table failure', async () => {
    proxy.fault = 'reset';
    await recordMember.invoke(event);
    proxy.fault = 'none';
    expect(await members()).toEqual({});
    await recordMember.invoke(event);
    expect(await members()).toEqual({ [sub]: ann });
  });

  it('without a user id creates no record', async () => {
    const { request, ...rest } = event;
    const nobody = { ...rest, request: { ...request, userAttributes: { email: 'a@b.de' } } };
    expect((await recordMember.invoke(nobody)).ok).toBe(true);
    expect(await members()).toEqual({});
  });
});

describe('A confirmed sign-up', () => {
  const confirmed = readEvent('recordMember.confirmed.json');

  it('creates a record too', async () => {
    expect(await recordMember.invoke(confirmed)).toMatchObject({ ok: true, response: confirmed });
    expect(Object.values(await members())).toEqual([{ name: 'Bob', email: 'bob@example.com', version: 1 }]);
  });

  it('differs from the confirmation of a forgotten password, which creates no record', async () => {
    await recordMember.invoke({ ...confirmed, triggerSource: 'PostConfirmation_ConfirmForgotPassword' });
    expect(await members()).toEqual({});
  });
});
