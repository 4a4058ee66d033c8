import { BadRequestError, parseRequest } from '../../../src/http/request';
import { httpEvent, restEvent } from '../../support/events';

const route = '/tags/{tag+}';

describe('A request', () => {
  it.each([
    ['hello', 'hello'],
    ['a%20b', 'a b'],
    ['a/b', 'a/b'],
    ['a%2Fb', 'a/b'],
    ['%2Fblog%2F', '/blog/'],
    ['caf%C3%A9', 'café'],
    ['100%25', '100%'],
    ['hello%2520world', 'hello%20world'],
    ['a+b', 'a+b'],
    ['%F0%9F%8E%89', '🎉'],
  ])('to /tags/%s has the tag %j, through either API', (encoded, tag) => {
    const parts = { route, path: `/tags/${encoded}` };
    expect(parseRequest(restEvent(parts)).pathParameter('tag')).toBe(tag);
    expect(parseRequest(httpEvent(parts)).pathParameter('tag')).toBe(tag);
  });

  it.each(['%zz', '%', 'a%E0%A4%A', '%FF'])(
    'to /tags/%s, with malformed percent-encoding, is rejected',
    (encoded) => {
      const request = parseRequest(restEvent({ route, path: `/tags/${encoded}` }));
      expect(() => request.pathParameter('tag')).toThrow(BadRequestError);
    },
  );

  it.each([
    ['tag=hello', 'hello'],
    ['tag=a+b', 'a b'],
    ['tag=a%2Bb', 'a+b'],
    ['tag=a%2Cb,c', 'a,b,c'],
    ['tag=a%26b%3Dc', 'a&b=c'],
    ['other=1&tag=x%3Fy', 'x?y'],
    ['tag=a&tag=b', 'b'],
    ['tag=', ''],
    ['other=1', undefined],
  ])('with the query ?%s has the tag %j, through either API', (query, tag) => {
    const parts = { method: 'POST', route: '/visits', path: '/visits', query };
    expect(parseRequest(restEvent(parts)).queryParameter('tag')).toBe(tag);
    expect(parseRequest(httpEvent(parts)).queryParameter('tag')).toBe(tag);
  });

  it('with malformed percent-encoding in the query is rejected', () => {
    const request = parseRequest(httpEvent({ route: '/visits', path: '/visits', query: 'tag=%E0%A4%A' }));
    expect(() => request.queryParameter('tag')).toThrow(BadRequestError);
  });

  it.each(['hello', 'a%20b', 'a/b', 'a%2Fb'])('to /Prod/tags/%s has the link base /Prod', (encoded) => {
    expect(parseRequest(restEvent({ route, path: `/tags/${encoded}` })).base).toBe('/Prod');
  });

  it.each([
    ['/login', '/Prod/login', '/Prod'],
    ['/login', '/Prod/login/', '/Prod'],
    ['/login', '/login/', ''],
    ['/', '/Prod/', '/Prod'],
    ['/', '/Prod', '/Prod'],
  ])('for the route %s, called as %s, has the link base %j', (route, calledAs, base) => {
    const event = restEvent({ route, path: route });
    event.requestContext.path = calledAs;
    expect(parseRequest(event).base).toBe(base);
  });

  it.each(['//login', '//evil.example/login', '//evil.example/login/'])(
    'called as %s never links to another host',
    (calledAs) => {
      const event = restEvent({ route: '/login', path: '/login' });
      event.requestContext.path = calledAs;
      expect(parseRequest(event).base).not.toMatch(/^\/(\/|$)/);
    },
  );

  it('under a custom domain that is mapped to a path has that path as its link base', () => {
    const event = restEvent({ route, path: '/tags/a' });
    event.path = '/site/tags/a';
    event.requestContext.path = '/site/tags/a';
    expect(parseRequest(event).base).toBe('/site');
  });

  it('that sam local has already decoded is not decoded again', () => {
    const event = restEvent({ route, path: '/tags/100%' });
    event.requestContext.path = route;
    expect(parseRequest(event).pathParameter('tag')).toBe('100%');
    expect(parseRequest(event).base).toBe('');
  });

  it('has lower-case header names, through either API', () => {
    const parts = { route, path: '/tags/a', headers: { 'Sec-Purpose': 'prefetch' } };
    expect(parseRequest(restEvent(parts)).header('sec-purpose')).toBe('prefetch');
    expect(parseRequest(httpEvent(parts)).header('sec-purpose')).toBe('prefetch');
  });
});
