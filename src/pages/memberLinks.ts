import { html, type Html } from './html';

/** The header's links on pages for members. */
export function memberLinks(base: string): Html {
  return html`<nav aria-label="Main"><a href="${base}/restricted">Dashboard</a><a href="${base}/counts">All counts</a><a href="${base}/restricted/members">Members</a></nav>`;
}
