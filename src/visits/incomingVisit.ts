import type { Tag } from '../tags/tag';

/** A request to count a visit, independent of the API and payload format that it came through. */
export interface IncomingVisit {
  tag: Tag;
  /** The caller's network address. It is never stored or logged. */
  address: string;
  /** The header `User-Agent`; empty where the caller sent none. It is never stored or logged. */
  userAgent: string;
  /** The address of the page that linked here; undefined if the caller does not send it. */
  referrer: string | undefined;
  /** The header `Accept-Language`. */
  language: string | undefined;
  /** The IANA name that the page script reads from the browser, such as `Europe/Rome`. */
  timeZone: string | undefined;
  /** The values of the headers that mark a request as made ahead of a visit, such as `prefetch;prerender`. */
  purposes: string[];
  page: PageDetails;
}

/** Details that a page sends about itself. */
export interface PageDetails {
  /** The query string of the page's address. */
  query: string | undefined;
  /** The name of a custom event. */
  event: string | undefined;
}
