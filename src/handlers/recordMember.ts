import type { PostAuthenticationTriggerEvent, PostConfirmationTriggerEvent } from 'aws-lambda';
import { createTriggerClient, createWriteOnceClient } from '../aws/dynamodb';
import { readSettings } from '../aws/environment';
import { MembersTable } from '../members/membersTable';
import { recordMember } from '../members/recordMember';

const client = createTriggerClient();
const table = new MembersTable(client, createWriteOnceClient(client), readSettings('usersTable').usersTable);

/** Runs after a sign-in or a confirmed sign-up, which continues even if this fails. */
export async function handler<Event extends PostAuthenticationTriggerEvent | PostConfirmationTriggerEvent>(
  event: Event,
): Promise<Event> {
  await recordMember(table, event);
  return event;
}
