import { parseRequest } from '../../../src/http/request';
import { negotiate } from '../../../src/http/response';
import { restEvent } from '../../support/events';

function negotiateBy(accept: string) {
  return negotiate(parseRequest(restEvent({ route: '/', path: '/', headers: { accept } })), 'html');
}

describe('The response format', () => {
  it.each([
    ['application/json;q=0.9, text/html;q=0.1', 'json'],
    ['application/json; q=0.9, text/html; q=0.1', 'json'],
    ['text/html ; q=0.1, application/json ; q=0.9', 'json'],
    ['text/html;charset=utf-8;q=0.1, application/json', 'json'],
    ['application/json; charset=utf-8; q=0.1, text/html; q=0.9', 'html'],
    ['text/html; q=0, application/json; q=0.1', 'json'],
    ['application/json; charset=utf-8', 'json'],
    ['*/*', 'html'],
    ['image/png', 'html'],
  ])('for Accept: %s is %s', (accept, kind) => {
    expect(negotiateBy(accept)).toBe(kind);
  });
});
