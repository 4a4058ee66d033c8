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
  ])('has in /tags/%s the tag %j, through either door', (encoded, tag) => {
    const parts = { route, path: `/tags/${encoded}` };
    expect(parseRequest(restEvent(parts)).pathParameter('tag')).toBe(tag);
    expect(parseRequest(httpEvent(parts)).pathParameter('tag')).toBe(tag);
  });

  it.each(['%zz', '%', 'a%E0%A4%A', '%FF'])(
    'with broken percent-encoding, /tags/%s, is refused',
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
  ])('has in ?%s the tag %j, through either door', (query, tag) => {
    const parts = { method: 'POST', route: '/visits', path: '/visits', query };
    expect(parseRequest(restEvent(parts)).queryParameter('tag')).toBe(tag);
    expect(parseRequest(httpEvent(parts)).queryParameter('tag')).toBe(tag);
  });

  it('with broken percent-encoding in the query is refused', () => {
    const request = parseRequest(httpEvent({ route: '/visits', path: '/visits', query: 'tag=%E0%A4%A' }));
    expect(() => request.queryParameter('tag')).toThrow(BadRequestError);
  });

  it.each(['hello', 'a%20b', 'a/b', 'a%2Fb'])('to /Prod/tags/%s has /Prod for its links', (encoded) => {
    expect(parseRequest(restEvent({ route, path: `/tags/${encoded}` })).base).toBe('/Prod');
  });

  it.each([
    ['/login', '/Prod/login', '/Prod'],
    ['/login', '/Prod/login/', '/Prod'],
    ['/login', '/login/', ''],
    ['/', '/Prod/', '/Prod'],
    ['/', '/Prod', '/Prod'],
  ])('of the route %s that is called as %s has %j for its links', (route, calledAs, base) => {
    const event = restEvent({ route, path: route });
    event.requestContext.path = calledAs;
    expect(parseRequest(event).base).toBe(base);
  });

  it.each(['//login', '//evil.example/login', '//evil.example/login/'])(
    'that is called as %s never has links to another host',
    (calledAs) => {
      const event = restEvent({ route: '/login', path: '/login' });
      event.requestContext.path = calledAs;
      expect(parseRequest(event).base).not.toMatch(/^\/(\/|$)/);
    },
  );

  it('under a domain of its own, mapped to a path, has that path for its links', () => {
    const event = restEvent({ route, path: '/tags/a' });
    event.path = '/site/tags/a';
    event.requestContext.path = '/site/tags/a';
    expect(parseRequest(event).base).toBe('/site');
  });

  it('that sam local has decoded already is not decoded again', () => {
    const event = restEvent({ route, path: '/tags/100%' });
    event.requestContext.path = route;
    expect(parseRequest(event).pathParameter('tag')).toBe('100%');
    expect(parseRequest(event).base).toBe('');
  });

  it('has its headers by lower-case name, through either door', () => {
    const parts = { route, path: '/tags/a', headers: { 'Sec-Purpose': 'prefetch' } };
    expect(parseRequest(restEvent(parts)).header('sec-purpose')).toBe('prefetch');
    expect(parseRequest(httpEvent(parts)).header('sec-purpose')).toBe('prefetch');
  });
});
