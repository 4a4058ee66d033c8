import type { PostAuthenticationTriggerEvent, PostConfirmationTriggerEvent } from 'aws-lambda';
import { MembersTable } from '../members/membersTable';
import { recordMember } from '../members/recordMember';
import { createHastyClient } from '../aws/dynamodb';
import { requireVariable } from '../aws/environment';

const client = createHastyClient();
const table = new MembersTable(client, client, requireVariable('USERS_TABLE_NAME'));

/** Runs after a sign-in or a confirmed sign-up, which goes on whatever becomes of this. */
export async function handler<Event extends PostAuthenticationTriggerEvent | PostConfirmationTriggerEvent>(
  event: Event,
): Promise<Event> {
  await recordMember(table, event);
  return event;
}
