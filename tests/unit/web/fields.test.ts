import { isJsonPost, parseFields } from '../../../src/web/fields';
import { parseRequest, type Request } from '../../../src/http/request';
import { httpEvent, restEvent } from '../../support/events';

const parts = { method: 'POST', route: '/login', path: '/login' };
const form = 'application/x-www-form-urlencoded';

function read(body: string | null, type: string, isBase64Encoded: boolean): Request[] {
  const headers = { 'Content-Type': type };
  return [
    parseRequest({ ...restEvent({ ...parts, headers }), body, isBase64Encoded }),
    parseRequest({
      ...httpEvent({ ...parts, headers }),
      ...(body === null ? {} : { body }),
      isBase64Encoded,
    }),
  ];
}

describe('A request body, through either API, in base64 or not,', () => {
  it.each([
    ['email=a%40b&password=c+d%2B', form, { email: 'a@b', password: 'c d+' }],
    ['password=caf%C3%A9', `${form}; charset=UTF-8`, { password: 'café' }],
    ['a=1&a=2&b', 'Application/X-WWW-Form-Urlencoded', { a: '2', b: '' }],
    ['{"email":"é","n":1}', 'application/json', { email: 'é', n: 1 }],
    ['{"__proto__":{"email":"a"}}', 'application/json;charset=utf-8', { ['__proto__']: { email: 'a' } }],
  ])('is parsed into its fields: %s', (text, type, fields) => {
    for (const request of [
      ...read(text, type, false),
      ...read(Buffer.from(text).toString('base64'), type, true),
    ]) {
      expect(request.body).toBe(text);
      expect([...parseFields(request)]).toEqual(Object.entries(fields));
      expect(isJsonPost(request)).toBe(type.includes('json'));
    }
  });

  it('is empty when the event has none', () => {
    for (const request of read(null, form, false)) expect(request.body).toBe('');
  });
});
