import type { MembersTable } from './membersTable';
import { readAttributes } from './memberChanges';

/** What of a user pool's trigger tells of a member. */
export interface SignIn {
  triggerSource: string;
  request: { userAttributes: Record<string, string | undefined> };
}

/**
 * What makes a member: signing in, and confirming a sign-up. A new password for a forgotten one calls the same trigger
 * as the latter and shows only that somebody reads a mailbox.
 */
const sources = ['PostAuthentication_Authentication', 'PostConfirmation_ConfirmSignUp'];

/**
 * Writes down who signed in, once: what the member or an administrator changed later stays. It never throws: a sign-in
 * goes on without the record, and the next one writes it.
 */
export async function recordMember(table: MembersTable, { triggerSource, request }: SignIn): Promise<void> {
  const { sub, ...attributes } = request.userAttributes;
  if (sub === undefined || !sources.includes(triggerSource)) return;
  try {
    await table.addIfMissing(sub, readAttributes(attributes));
  } catch (error) {
    console.error(`The member ${sub} could not be recorded. The sign-in goes on.`, error);
  }
}
