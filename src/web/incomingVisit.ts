import { BadRequestError, type Request } from '../http/request';
import { parseTag } from '../tags/tag';
import type { IncomingVisit } from '../visits/incomingVisit';

/**
 * Headers that mark a request as made ahead of a visit. Current browsers send `Sec-Purpose: prefetch;prerender`
 * (https://wicg.github.io/nav-speculation/prefetch.html); older ones sent `Purpose`, Firefox `X-Moz`.
 */
const purposeHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'];

/**
 * Reads a visit of a page of this API: the tag is in the path, and the browser sends the referrer.
 * @throws InvalidTagError, BadRequestError
 */
export function readLinkVisit(request: Request): IncomingVisit {
  return readVisit(request, request.pathParameter('tag'), request.header('referer'));
}

/**
 * Reads a visit that a page reports: the tag is in the query. The header `Referer` names that page itself, so the page
 * sends its own referrer in `ref`.
 * @throws InvalidTagError, BadRequestError
 */
export function readReportedVisit(request: Request): IncomingVisit {
  return readVisit(request, request.queryParameter('tag') ?? '', readDetail(request, 'ref'));
}

function readVisit(request: Request, tag: string, referrer: string | undefined): IncomingVisit {
  const { header, sourceAddress } = request;
  return {
    tag: parseTag(tag),
    address: sourceAddress,
    userAgent: header('user-agent') ?? '',
    referrer,
    language: header('accept-language'),
    timeZone: readDetail(request, 'tz'),
    purposes: purposeHeaders.flatMap((name) => header(name) ?? []),
    page: { query: readDetail(request, 'q'), event: readDetail(request, 'event') },
  };
}

/** A malformed detail becomes unknown; the visit still counts. */
function readDetail({ queryParameter }: Request, name: string): string | undefined {
  try {
    return queryParameter(name);
  } catch (error) {
    if (error instanceof BadRequestError) return undefined;
    throw error;
  }
}
