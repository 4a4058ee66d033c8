import { parseRequest } from '../../../src/http/request';
import { InvalidTagError } from '../../../src/tags/tag';
import { readLinkVisit, readReportedVisit } from '../../../src/web/incomingVisit';
import { httpEvent, restEvent } from '../../support/events';

const headers = {
  'user-agent': 'Browser/1',
  'accept-language': 'de-CH,de;q=0.9',
  referer: 'https://news.example/item?id=1',
};

describe('A visit through a link', () => {
  it('takes its tag from the path and its referrer from the browser', () => {
    const event = restEvent({ route: '/tags/{tag+}', path: '/tags/caf%C3%A9/menu', headers });
    expect(readLinkVisit(parseRequest(event))).toEqual({
      tag: 'café/menu',
      address: event.requestContext.identity.sourceIp,
      userAgent: 'Browser/1',
      referrer: 'https://news.example/item?id=1',
      language: 'de-CH,de;q=0.9',
      timeZone: undefined,
      purposes: [],
      page: { query: undefined, event: undefined },
    });
  });

  it('carries the values of all headers that mark a prefetch', () => {
    const event = restEvent({
      route: '/tags/{tag+}',
      path: '/tags/a',
      headers: { 'Sec-Purpose': 'prefetch;prerender', 'X-Moz': 'prefetch' },
    });
    expect(readLinkVisit(parseRequest(event)).purposes).toEqual(['prefetch;prerender', 'prefetch']);
  });

  it('requires a tag', () => {
    const event = restEvent({ route: '/tags', path: '/tags' });
    expect(() => readLinkVisit(parseRequest(event))).toThrow(InvalidTagError);
  });
});

describe('A visit reported by a page', () => {
  const read = (query: string) =>
    readReportedVisit(
      parseRequest(httpEvent({ method: 'POST', route: '/visits', path: '/visits', query, headers })),
    );

  it('takes its tag and the page’s details from the query', () => {
    const query =
      'tag=%2Fblog%2F&ref=https%3A%2F%2Fa.example%2F&tz=Europe%2FRome&q=utm_source%3Dx&event=signup';
    expect(read(query)).toMatchObject({
      tag: '/blog/',
      referrer: 'https://a.example/',
      timeZone: 'Europe/Rome',
      page: { query: 'utm_source=x', event: 'signup' },
    });
  });

  it('does not use the page itself as its referrer', () => {
    expect(read('tag=a').referrer).toBeUndefined();
  });

  it.each(['ref=%zz', 'tz=%E0%A4%A', 'q=%', 'event=%f'])(
    'is counted without a malformed detail: %s',
    (detail) => {
      expect(read(`tag=a&${detail}`)).toMatchObject({
        tag: 'a',
        referrer: undefined,
        timeZone: undefined,
        page: { query: undefined, event: undefined },
      });
    },
  );
});
