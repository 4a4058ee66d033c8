/** A page that is looked at in each mode and size. */
export interface PageToSee {
  /** Also the name of its screenshots. */
  name: string;
  path: string;
  /** 200 where it is left out. */
  status?: number;
}

export const pages: PageToSee[] = [
  { name: 'home', path: '/' },
  { name: 'visit', path: '/tags/hello' },
  { name: 'counts', path: '/counts/blog/first-post' },
  { name: 'counts-1-day', path: '/counts/blog/first-post?days=1' },
  { name: 'counts-90-days', path: '/counts/blog/first-post?days=90' },
  { name: 'counts-366-days', path: '/counts/blog/first-post?days=366' },
  { name: 'counts-of-nothing', path: '/counts/never-seen' },
  { name: 'counts-of-a-long-tag', path: `/counts/${encodeURIComponent('漢'.repeat(170))}` },
  { name: 'error', path: '/tags/COUNTER', status: 400 },
];
