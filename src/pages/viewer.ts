/** The signed-in person who looks at a page. */
export interface Viewer {
  email: string;
  name?: string;
  groups: readonly string[];
  /** Goes into each form that changes something; docs/decisions/sign-in.md. */
  csrfToken: string;
  /** The start of the session, in seconds since 1970. */
  startedAt: number;
  /** The end of the session unless it is used before then, in seconds since 1970. */
  expires: number;
}
