import type { MembersTable } from './membersTable';
import { readAttributes } from './memberChanges';

/** The part of a user pool's trigger event that identifies a member. */
export interface MemberEvent {
  triggerSource: string;
  request: { userAttributes: Record<string, string | undefined> };
}

/**
 * The events that make a member: a sign-in and a confirmed sign-up. A password reset also calls the confirmation
 * trigger, but proves only access to a mailbox.
 */
const sources = ['PostAuthentication_Authentication', 'PostConfirmation_ConfirmSignUp'];

/**
 * Adds a record for a member who has none; it never changes an existing one. It never throws: without the record the
 * sign-in continues, and the next sign-in adds it.
 */
export async function recordMember(
  table: MembersTable,
  { triggerSource, request }: MemberEvent,
): Promise<void> {
  const { sub, ...attributes } = request.userAttributes;
  if (sub === undefined || !sources.includes(triggerSource)) return;
  try {
    await table.addIfMissing(sub, readAttributes(attributes));
  } catch (error) {
    console.error(`The member ${sub} could not be recorded. The sign-in continues.`, error);
  }
}
