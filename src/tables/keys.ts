/** The keys of items, table by table. Only this file builds keys, so two kinds of item in one table cannot collide. */

/** DynamoDBTable: the item of the grand total. No tag may have this name. */
export const counterId = 'COUNTER';

/** DynamoDBTable: the item of the grand total. */
export const counterKey = { ID: { S: counterId } };

/** DynamoDBTable and TotalsTable: the item of a tag. */
export function tagKey(tag: string): { ID: { S: string } } {
  return { ID: { S: tag } };
}

/** DaysTable: a day of a tag, or of all tags together under `counterId`. */
export function dayKey(id: string, day: string) {
  return { ID: { S: id }, Day: { S: day } };
}

/** UsersTable: a member. */
export function memberKey(userId: string) {
  return { user_id: { S: userId } };
}

/** AccessLogTable: a call of `GET /hello` at this date-time. */
export function accessKey(dt: string) {
  return { dt: { S: dt } };
}

/** ChangesTable: all tag changes share one partition, because they are rare. */
export const changesPartition = 'tags';

/**
 * ChangesTable: the sort key of a change.
 * @param at ISO 8601, UTC
 * @param suffix random text that keeps changes of the same millisecond distinct
 */
export function changeSortKey(at: string, suffix: string): string {
  return `${at} ${suffix}`;
}

/** @returns the time in a sort key that `changeSortKey` built */
export function changeTime(sortKey: string): string {
  return sortKey.split(' ', 1)[0] ?? '';
}

/** SessionsTable: each kind of item has its own key prefix. */
export const sessionKeys = {
  /** @param id the visitor's cookie, which starts with `v-` */
  visitor: (id: string) => sessionKey(id),
  /** @param idHash SHA-256 of the cookie: the table must not hold a usable id */
  signIn: (idHash: string) => sessionKey(`sign-in#${idHash}`),
  passwordChange: (idHash: string) => sessionKey(`password-change#${idHash}`),
  /** @param window the number of the time window in which the attempts are counted */
  attempts: (window: number, sourceHash: string) => sessionKey(`attempts#${window}#${sourceHash}`),
};

/** The key of an item in SessionsTable. */
export type SessionKey = ReturnType<typeof sessionKey>;

function sessionKey(id: string) {
  return { 'session-id': { S: id } };
}
