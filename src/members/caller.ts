/** The person who calls the members' API or looks at the members' page. */
export interface Caller {
  /** The user pool's `sub`, which never changes and is never reused. */
  userId: string;
  isAdmin: boolean;
}
