import { NotAdministratorError } from './administrators';
import type { Caller } from '../api/caller';
import { parseMemberChanges } from './memberChanges';
import { formatPageToken, parsePageSize, parsePageToken } from './memberPages';
import { isUserId, type Member, type MembersTable } from './membersTable';

export class MemberNotFoundError extends Error {
  constructor() {
    super('There is no such member.');
  }
}

/** An administrator would delete himself, and perhaps nobody would be left to undo it. */
export class OwnDeletionError extends Error {
  constructor() {
    super('Administrators cannot delete themselves; another one can.');
  }
}

/** Keeps a user from signing in. @returns whether there is such a user */
export type DisableUser = (userId: string) => Promise<boolean>;

export interface MembersPage {
  users: Member[];
  /** Where the next page begins, unless this is the last. */
  next?: string;
}

/** The members, by the rules of who may do what. docs/decisions/members.md */
export class Members {
  constructor(private readonly table: MembersTable) {}

  /**
   * @param limit how many members to give at most, and `after` the `next` of the page before, as the caller sent them
   * @throws NotAdministratorError, InvalidPageError, TableUnavailableError
   */
  async list(caller: Caller, limit: string | undefined, after: string | undefined): Promise<MembersPage> {
    assertAdmin(caller);
    const { members, last } = await this.table.list(parsePageSize(limit), parsePageToken(after));
    return { users: members, ...(last === undefined ? {} : { next: formatPageToken(last) }) };
  }

  /** @throws NotAdministratorError, MemberNotFoundError, TableUnavailableError */
  async read(caller: Caller, userId: string): Promise<Member> {
    assertMayTouch(caller, userId);
    return assertFound(await this.table.read(userId));
  }

  /**
   * @param fields what to change, as the caller sent it
   * @throws NotAdministratorError, InvalidMemberError, MemberNotFoundError, StaleVersionError, TableUnavailableError
   */
  async change(caller: Caller, userId: string, fields: Record<string, unknown>): Promise<Member> {
    assertMayTouch(caller, userId);
    return assertFound(await this.table.change(userId, parseMemberChanges(fields)));
  }

  /**
   * First the user is kept from signing in, then the record goes: the other way round a sign-in in between would bring
   * the record back. If the second fails, the same call again does what is left.
   * @throws NotAdministratorError, OwnDeletionError, MemberNotFoundError, CognitoUnavailableError, TableUnavailableError
   */
  async remove(caller: Caller, userId: string, disableUser: DisableUser): Promise<void> {
    assertAdmin(caller);
    assertUserId(userId);
    if (userId === caller.userId) throw new OwnDeletionError();
    // A user pool takes an email address or another spelling for a user too; only the id itself means one member.
    const hadUser = isSubject(userId) && (await disableUser(userId));
    const hadRecord = await this.table.remove(userId);
    if (!hadUser && !hadRecord) throw new MemberNotFoundError();
  }
}

function assertAdmin({ isAdmin }: Caller): void {
  if (!isAdmin) throw new NotAdministratorError();
}

function assertMayTouch(caller: Caller, userId: string): void {
  if (caller.userId !== userId) assertAdmin(caller);
  assertUserId(userId);
}

function assertUserId(userId: string): void {
  if (!isUserId(userId)) throw new MemberNotFoundError();
}

function assertFound(member: Member | undefined): Member {
  if (!member) throw new MemberNotFoundError();
  return member;
}

/** Whether it is a user pool's `sub`: a UUID in lower case. */
function isSubject(userId: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(userId);
}
