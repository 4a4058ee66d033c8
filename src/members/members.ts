import { FootfallError } from '../errors/footfallError';
import { NotAdministratorError } from './administrators';
import type { Caller } from './caller';
import { parseMemberChanges } from './memberChanges';
import { formatPageToken, parsePageSize, parsePageToken } from './memberPages';
import { isUserId, type Member, type MembersTable } from './membersTable';

export class MemberNotFoundError extends FootfallError {
  readonly kind = 'notFound';

  constructor() {
    super('This member does not exist.');
  }
}

/** Otherwise the last administrator could delete the only account that can restore access. */
export class OwnDeletionError extends FootfallError {
  readonly kind = 'conflict';

  constructor() {
    super('Administrators cannot delete themselves. Ask another administrator.');
  }
}

/** Disables a user's sign-in. @returns whether the user exists */
export type DisableUser = (userId: string) => Promise<boolean>;

export interface MembersPage {
  users: Member[];
  /** The token of the next page; left out on the last page. */
  next?: string;
}

/** Reads and changes members, and checks what the caller may do. docs/decisions/members.md */
export class Members {
  constructor(private readonly table: MembersTable) {}

  /**
   * @param limit the number of members on the page, as the caller sent it
   * @param after the `next` of the previous page, as the caller sent it
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
   * @param fields the change, as the caller sent it
   * @throws NotAdministratorError, InvalidMemberError, MemberNotFoundError, StaleVersionError, TableUnavailableError
   */
  async change(caller: Caller, userId: string, fields: Record<string, unknown>): Promise<Member> {
    assertMayTouch(caller, userId);
    return assertFound(await this.table.change(userId, parseMemberChanges(fields)));
  }

  /**
   * Disables the user's sign-in, then deletes the record: in the other order, a sign-in in between would restore the
   * record. If the deletion fails, a repeated call completes it.
   * @throws NotAdministratorError, OwnDeletionError, MemberNotFoundError, CognitoUnavailableError, TableUnavailableError
   */
  async remove(caller: Caller, userId: string, disableUser: DisableUser): Promise<void> {
    assertAdmin(caller);
    assertUserId(userId);
    if (userId === caller.userId) throw new OwnDeletionError();
    // A user pool also accepts an email address as a username; only the id identifies one member.
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

/** Whether the text is a user pool's `sub`: a UUID in lower case. */
function isSubject(userId: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(userId);
}
