import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import { formatCookie, readCookie } from '../../../src/http/cookies';
import { parseRequest, type Request } from '../../../src/http/request';
import { formatResponse } from '../../../src/http/response';
import { httpEvent, restEvent } from '../../support/events';

const parts = { route: '/session', path: '/session' };

function throughHttpApi(cookies: string[], domainName?: string): Request {
  const event: APIGatewayProxyEventV2 = httpEvent(parts);
  const requestContext = { ...event.requestContext, ...(domainName === undefined ? {} : { domainName }) };
  return parseRequest({ ...event, cookies, requestContext });
}

function throughRestApi(cookies: string[], domainName?: string): Request {
  const event: APIGatewayProxyEvent = restEvent({ ...parts, headers: { Cookie: cookies.join('; ') } });
  const requestContext = { ...event.requestContext, ...(domainName === undefined ? {} : { domainName }) };
  return parseRequest({ ...event, requestContext });
}

describe.each([
  ['an HTTP API', throughHttpApi],
  ['a REST API', throughRestApi],
])('A cookie through %s', (_, through) => {
  it('is read by its full name', () => {
    const request = through(['xa=0', 'a=1', 'ab=2', 'b=']);
    expect(['a', 'ab', 'b', 'c'].map((name) => request.cookie(name))).toEqual(['1', '2', '', undefined]);
  });

  it('is the first of several with the same name, with its whole value', () => {
    expect(through(['a=1=2=%20', 'a=3']).cookie('a')).toBe('1=2=%20');
  });

  it('has the __Host- prefix and the Secure attribute, except on this machine', () => {
    const elsewhere = through(['s=planted', '__Host-s=ours']);
    expect(readCookie(elsewhere, 's')).toBe('ours');
    expect(formatCookie(elsewhere, 's', 'v', 60)).toBe(
      '__Host-s=v; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure',
    );
    const here = through(['__Host-s=planted', 's=ours'], '127.0.0.1:3000');
    expect(readCookie(here, 's')).toBe('ours');
    expect(formatCookie(here, 's', 'v', 60)).toBe('s=v; Max-Age=60; Path=/; HttpOnly; SameSite=Lax');
  });

  it.each(['localhost', 'LOCALHOST', 'localhost:3000', '127.0.0.1', '[::1]:3000'])(
    'is local at %s',
    (domain) => {
      expect(through([], domain).isOnLoopback).toBe(true);
    },
  );

  it.each([
    '',
    'localhost.example.com',
    'notlocalhost',
    'example.com:localhost',
    '127.0.0.1.nip.io',
    '127.0.0.10',
    '127x0x0x1',
    'localhost:3000.example.com',
    'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com',
  ])('is remote at %j', (domain) => {
    expect(through([], domain).isOnLoopback).toBe(false);
  });
});

describe('A response with cookies', () => {
  const response = { status: 204, cookies: ['a=1', 'b=2'] };

  it('has them in the `cookies` field for an HTTP API', () => {
    const result = formatResponse(response, '2.0');
    expect(result.cookies).toEqual(['a=1', 'b=2']);
    expect(result).not.toHaveProperty('multiValueHeaders');
  });

  it('has them in its headers for a REST API, which answers 502 to an unknown field', () => {
    const result = formatResponse(response, '1.0');
    expect(result.multiValueHeaders).toEqual({ 'set-cookie': ['a=1', 'b=2'] });
    expect(result).not.toHaveProperty('cookies');
  });

  it.each(['1.0', '2.0'] as const)('has neither in payload %s when the list is empty', (payload) => {
    const result = formatResponse({ ...response, cookies: [] }, payload);
    expect(Object.keys(result).sort()).toEqual(['body', 'headers', 'isBase64Encoded', 'statusCode']);
  });
});
