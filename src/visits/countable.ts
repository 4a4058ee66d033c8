import { isbot } from 'isbot';
import type { IncomingVisit } from './incomingVisit';

/** The value of the header `Footfall-Not-Counted`. */
export type ReasonNotToCount = 'prefetch' | 'bot';

/**
 * Programs that people run on purpose. Their requests count, but isbot matches anything except browsers, so these names
 * are removed from a user agent first. github-camo fetches a picture for
 * the reader of a README.
 */
const plainTools = [
  ...['curl', 'libcurl', 'pycurl', 'php-curl-class', 'wget', 'wget2', 'aria2', 'httpie', 'xh', 'hurl'],
  ...[
    'node',
    'node-fetch',
    'node\\.js',
    'undici',
    'axios',
    'got',
    'ky',
    'needle',
    'superagent',
    'deno',
    'bun',
  ],
  ...[
    'python',
    'python-requests',
    'python-urllib',
    'python-urllib3',
    'python-httpx',
    'aiohttp',
    'php',
    'guzzlehttp',
  ],
  ...[
    'go-http-client',
    'go-resty',
    'okhttp',
    'java',
    'java-http-client',
    'apache-httpclient',
    'jersey',
    'reqwest',
  ],
  ...[
    'libwww-perl',
    'ruby',
    'faraday',
    'dart',
    'powershell',
    'windowspowershell',
    'postmanruntime',
    'insomnia',
  ],
  ...[
    'lynx',
    'libwww-fm',
    'links',
    'elinks',
    'w3m',
    'autocannon',
    'apachebench',
    'k6',
    'hey',
    'vegeta',
    'oha',
  ],
  ...['playwright', 'puppeteer', 'selenium', 'cypress', 'phantomjs', 'openssl', 'zlib', 'urllib3'],
  'github-camo',
];

/** No browser sends a longer user agent. The limit bounds the time that a hostile one takes. */
const maxJudgedCharacters = 1_024;

/** A comment after a product, such as `(linux-gnu)`, unless it names a crawler. */
const comment = '\\((?![^()]*(?:bot|crawl|spider))[^()]*\\)';

/** A tool's product token with its version and comments, such as `Wget/1.21 (linux-gnu)`. */
const plainToolProduct = new RegExp(
  `(?<![\\w.-])(?:${plainTools.join('|')})(?:/[^\\s()]*)?(?:\\s+${comment})*(?![\\w-])`,
  'gi',
);

// The first match compiles the list to bytecode, the second to machine code: 3 ms of processor time. A function has a whole
// processor while it loads, but with 256 MB only a seventh of one during a call:
// https://serverlessland.com/content/service/lambda/guides/effectively-running-java-on-serverless/init-heavy-lifting
isbot('first');
isbot('second');

/** @returns undefined for a visit that counts */
export function reasonNotToCount({
  purposes,
  userAgent,
}: Pick<IncomingVisit, 'purposes' | 'userAgent'>): ReasonNotToCount | undefined {
  if (purposes.some((purpose) => /\b(?:prefetch|prerender|preview)\b/i.test(purpose))) return 'prefetch';
  return isCrawler(userAgent) ? 'bot' : undefined;
}

/** Whether a user agent names a crawler or a fetcher of link previews. An empty one does not. */
export function isCrawler(userAgent: string): boolean {
  const start = userAgent.slice(0, maxJudgedCharacters);
  if (!isbot(start)) return false;
  const rest = start
    .replace(/\bheadless(?=chrome\b)/gi, '') // what remains is an ordinary Chrome
    .replace(plainToolProduct, '')
    .trim();
  // A tool's name at the end of a browser's user agent leaves a separator behind.
  return isbot(rest.replace(/[\s;,]+$/, ''));
}
