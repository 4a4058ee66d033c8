import type { Page } from 'playwright-core';

/** A page to check in each color scheme and size. */
export interface PageToSee {
  /** Also names its screenshots. */
  name: string;
  path: string;
  /** The expected status; 200 by default. */
  status?: number;
  /** Opens the page as a signed-in administrator. */
  asOwner?: true;
  /** Steps from `path` to the page. */
  act?: (page: Page) => Promise<void>;
}

/** An invited user who has not signed in yet. */
export const invited = { email: 'new@example.com', password: 'Temporary-horse-1' };

export const pages: PageToSee[] = [
  { name: 'home', path: '/' },
  { name: 'visit', path: '/tags/hello' },
  { name: 'counts', path: '/counts/blog/first-post' },
  { name: 'counts-1-day', path: '/counts/blog/first-post?days=1' },
  { name: 'counts-90-days', path: '/counts/blog/first-post?days=90' },
  { name: 'counts-366-days', path: '/counts/blog/first-post?days=366' },
  { name: 'counts-of-nothing', path: '/counts/never-seen' },
  { name: 'counts-of-a-long-tag', path: `/counts/${encodeURIComponent('漢'.repeat(170))}` },
  { name: 'counts-with-a-start', path: '/counts/docs/moved' },
  { name: 'login', path: '/login' },
  {
    name: 'new-password',
    path: '/login',
    async act(page) {
      await page.getByLabel('Email address').fill(invited.email);
      await page.getByLabel('Password').fill(invited.password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByLabel('New password').waitFor();
    },
  },
  { name: 'dashboard', path: '/restricted', asOwner: true },
  { name: 'dashboard-90-days', path: '/restricted?days=90&top=1', asOwner: true },
  { name: 'tag-changes', path: '/restricted/tags?tag=docs/moved', asOwner: true },
  {
    name: 'tag-changes-confirm',
    path: '/restricted/tags?tag=blog/first-post',
    asOwner: true,
    async act(page) {
      await page.getByRole('button', { name: 'Delete tag…' }).click();
      await page.getByRole('button', { name: 'Yes' }).waitFor();
    },
  },
  { name: 'list', path: '/counts', asOwner: true },
  { name: 'list-of-none', path: '/counts?prefix=none', asOwner: true },
  { name: 'members', path: '/restricted/members', asOwner: true },
  { name: 'error', path: '/tags/COUNTER', status: 400 },
];
