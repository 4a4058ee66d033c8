import { createHttpEvent } from '../../../local/api/events';
import type { Incoming } from '../../../local/api/incoming';
import type { RouteDefinition } from '../../../local/template/apis';

const route: RouteDefinition = {
  api: 'http',
  apiId: 'PageApi',
  stage: '$default',
  method: 'GET',
  path: '/session',
  functionId: 'SessionCounterFunction',
  isClosed: false,
};

function cookiesOf(headers: [string, string][]): string[] | undefined {
  const incoming: Incoming = {
    method: 'GET',
    path: '/session',
    stagePrefix: '',
    rawQuery: '',
    headers: [['Host', '127.0.0.1:3000'], ...headers],
    body: Buffer.alloc(0),
    sourceIp: '127.0.0.1',
    timeMs: 0,
    requestId: 'id',
  };
  const event = createHttpEvent(incoming, { route, parameters: {} });
  expect(event.headers).not.toHaveProperty('cookie');
  return event.cookies;
}

describe('The cookies of an HTTP API event', () => {
  it('are listed one by one, separate from the headers', () => {
    expect(cookiesOf([['Cookie', 'a=1; b=2']])).toEqual(['a=1', 'b=2']);
  });

  it('may arrive in several headers', () => {
    expect(
      cookiesOf([
        ['Cookie', 'a=1'],
        ['cookie', 'b=2; c=3'],
      ]),
    ).toEqual(['a=1', 'b=2', 'c=3']);
  });

  it('are not split at a comma', () => {
    expect(cookiesOf([['Cookie', 'a=1,b=2']])).toEqual(['a=1,b=2']);
  });

  it('are omitted when there are none', () => {
    expect(cookiesOf([])).toBeUndefined();
  });
});
