import crawlers from 'crawler-user-agents';
import { parseRequest } from '../../../src/http/request';
import { isCrawler, reasonNotToCount } from '../../../src/visits/countable';
import { readLinkVisit } from '../../../src/web/incomingVisit';
import { restEvent } from '../../support/events';

const chrome =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36';

function reasonFor(headers: Record<string, string>): string | undefined {
  const event = restEvent({
    route: '/tags/{tag+}',
    path: '/tags/a',
    headers: { 'user-agent': '', ...headers },
  });
  return reasonNotToCount(readLinkVisit(parseRequest(event)));
}

describe('A visit', () => {
  it.each([
    ['a browser', chrome],
    [
      'a phone',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    ],
    ['Firefox', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'],
    [
      'an app that shows a page',
      'Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/146.0.0.0 Mobile Safari/537.36 Instagram 406.0.0.58.159 Android',
    ],
    ['an empty user agent', ''],
    ['curl', 'curl/8.11.0'],
    ['an old curl', 'curl/7.38.0 (x86_64-pc-linux-gnu) libcurl/7.38.0 OpenSSL/1.0.1t zlib/1.2.8'],
    ['wget', 'Wget/1.21.3 (linux-gnu)'],
    ['HTTPie', 'HTTPie/3.2.4'],
    ['node', 'node'],
    ['undici', 'undici'],
    ['node-fetch', 'node-fetch/1.0 (+https://github.com/bitinn/node-fetch)'],
    ['axios', 'axios/1.7.9'],
    ['python-requests', 'python-requests/2.32.3'],
    ['aiohttp', 'Python/3.12 aiohttp/3.11.11'],
    ['Go', 'Go-http-client/2.0'],
    ['a headless browser', chrome.replace('Chrome/', 'HeadlessChrome/')],
    ['a browser that Playwright drives', `${chrome} Playwright/1.64.1`],
    ['a text browser', 'Lynx/2.8.9rel.1 libwww-FM/2.14 SSL-MM/1.4.1 OpenSSL/1.1.1d'],
    ['GitHub’s image proxy for a README', 'github-camo (c006e452)'],
  ])('is counted from %s', (_, userAgent) => {
    expect(reasonFor({ 'user-agent': userAgent })).toBeUndefined();
  });

  it.each([
    ['Googlebot', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'],
    [
      'bingbot',
      'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36',
    ],
    [
      'GPTBot',
      'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; GPTBot/1.2; +https://openai.com/gptbot',
    ],
    ['a preview in Slack', 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)'],
    ['a preview on Facebook', 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)'],
    ['a preview in WhatsApp', 'WhatsApp/2.23.20.0'],
    ['a preview in Discord', 'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)'],
    ['a preview on Mastodon', 'Mastodon/4.3.0 (http.rb/5.2.0; +https://mastodon.example/)'],
    ['a crawler that also calls itself curl', 'curl/8.0 (compatible; Somebot/1.0)'],
    ['a crawler written in Python', 'python-requests/2.32 SomeCrawler/1.0 (+https://example.com/bot)'],
    [
      'a crawler in a headless browser',
      `${chrome.replace('Chrome/', 'HeadlessChrome/')} (compatible; Googlebot/2.1)`,
    ],
  ])('is not counted from %s', (_, userAgent) => {
    expect(reasonFor({ 'user-agent': userAgent })).toBe('bot');
  });

  it.each([
    [{ 'sec-purpose': 'prefetch' }],
    [{ 'sec-purpose': 'prefetch;prerender' }],
    [{ purpose: 'prefetch' }],
    [{ 'x-purpose': 'preview' }],
    [{ 'x-moz': 'prefetch' }],
  ])('is not counted for a prefetch: %j', (headers) => {
    expect(reasonFor({ 'user-agent': chrome, ...headers })).toBe('prefetch');
  });

  it('is not counted from more than 99% of the crawlers in a public list', () => {
    const tools = new Set(['HeadlessChrome', 'Playwright', 'Puppeteer', 'Selenium', 'PhantomJS']);
    // The package's types do not declare `tags`.
    const isTool = ({ pattern, tags }: { pattern: string; tags?: string[] }) =>
      tools.has(pattern) || Boolean(tags?.includes('http-library'));
    const instances = crawlers.filter((entry) => !isTool(entry)).flatMap((entry) => entry.instances);
    const unknown = instances.filter((userAgent) => !isCrawler(userAgent));
    expect(instances.length).toBeGreaterThan(1_500);
    expect(unknown.length / instances.length).toBeLessThan(0.01);
  });
});
