import { assertSameOrigin, CrossSiteRequestError } from '../../../src/web/formPost';
import { parseRequest } from '../../../src/http/request';
import { restEvent } from '../../support/events';

const apiDomain = 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com';

/** Whether a form post with this `Origin` is allowed, as API Gateway passes it on. */
function isAllowed(origin: string | undefined, domainName: string, host = domainName): boolean {
  const headers = { Host: host, ...(origin === undefined ? {} : { Origin: origin }) };
  const event = restEvent({ method: 'POST', route: '/login', path: '/login', headers });
  delete event.headers['sec-fetch-site'];
  event.requestContext.domainName = domainName;
  try {
    assertSameOrigin(parseRequest(event));
    return true;
  } catch (error) {
    if (error instanceof CrossSiteRequestError) return false;
    throw error;
  }
}

describe('A form post', () => {
  it.each<[string | undefined, string, string]>([
    [`https://${apiDomain}`, apiDomain, apiDomain],
    ['https://count.example.com', 'count.example.com', 'count.example.com'],
    ['http://127.0.0.1:3000', '127.0.0.1:3000', '127.0.0.1:3000'],
    ['http://127.0.0.1:3000', 'localhost', '127.0.0.1:3000'],
    [undefined, apiDomain, apiDomain],
  ])('from %s is same-origin at %s, called as %s', (origin, domain, host) => {
    expect(isAllowed(origin, domain, host)).toBe(true);
  });

  it.each<[string, string, string]>([
    [`http://${apiDomain}`, apiDomain, apiDomain],
    ['https://evil.example', apiDomain, apiDomain],
    [`https://${apiDomain}.evil.example`, apiDomain, apiDomain],
    [`https://evil.example/${apiDomain}`, apiDomain, apiDomain],
    ['https://example.com', 'count.example.com', 'count.example.com'],
    ['http://127.0.0.1:3001', '127.0.0.1:3000', '127.0.0.1:3000'],
    ['null', apiDomain, apiDomain],
    ['', apiDomain, apiDomain],
    ['https://', '', ''],
  ])('from %s is cross-origin at %s, called as %s', (origin, domain, host) => {
    expect(isAllowed(origin, domain, host)).toBe(false);
  });
});
