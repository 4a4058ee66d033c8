import { isbot } from 'isbot';

/** Why a call is not counted, as the header `Footfall-Not-Counted` says it. */
export type ReasonNotToCount = 'prefetch' | 'bot';

/**
 * Programs by whose name someone acts: what they fetch, a person or their script asked for. The list of
 * bots holds them too, for it asks "is this a browser?"; here they are taken out of a user agent before it
 * is judged. This is the one place that says so. github-camo fetches a picture for a reader of a README.
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

/** Longer user agents are made up by their senders; judging all of one would cost them nothing and us time. */
const maxJudgedCharacters = 1_024;

/** A comment of a product, such as `(linux-gnu)`, unless a crawler gives its name in it. */
const comment = '\\((?![^()]*(?:bot|crawl|spider))[^()]*\\)';

/** A tool's product token with its version and comments, such as `Wget/1.21 (linux-gnu)`. */
const plainToolProduct = new RegExp(
  `(?<![\\w.-])(?:${plainTools.join('|')})(?:/[^\\s()]*)?(?:\\s+${comment})*(?![\\w-])`,
  'gi',
);

// The first match compiles the list to bytecode, the second to machine code, for 3 ms of processor time. A function has a whole
// processor while it loads, and by its memory a seventh of one when it is called:
// https://serverlessland.com/content/service/lambda/guides/effectively-running-java-on-serverless/init-heavy-lifting
isbot('first');
isbot('second');

/**
 * Says why a call is not a visit, or nothing for a visit.
 * @param header reads a header by its lower-case name
 */
export function reasonNotToCount(header: (name: string) => string | undefined): ReasonNotToCount | undefined {
  // https://wicg.github.io/nav-speculation/prefetch.html: `Sec-Purpose: prefetch;prerender`. Browsers that
  // came before it send `Purpose: prefetch`, Firefox `X-Moz: prefetch`.
  const purposes = [header('sec-purpose'), header('purpose'), header('x-purpose'), header('x-moz')];
  if (purposes.some((purpose) => /\b(?:prefetch|prerender|preview)\b/i.test(purpose ?? '')))
    return 'prefetch';
  return isCrawler(header('user-agent') ?? '') ? 'bot' : undefined;
}

/** Whether a user agent names a crawler or a fetcher of link previews. One that names nothing does not. */
export function isCrawler(userAgent: string): boolean {
  const start = userAgent.slice(0, maxJudgedCharacters);
  if (!isbot(start)) return false;
  const rest = start
    .replace(/\bheadless(?=chrome\b)/gi, '') // an ordinary Chrome is left
    .replace(plainToolProduct, '')
    .trim();
  // A browser's own sentence with a tool's token at its end leaves a separator behind.
  return isbot(rest.replace(/[\s;,]+$/, ''));
}
