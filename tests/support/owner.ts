import { AdminAddUserToGroupCommand } from '@aws-sdk/client-cognito-identity-provider';
import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { Browser, startSignInWorld, type SignInWorld } from './signIn';

export const memberEmail = 'ann@example.com';
export const ownerEmail = 'olga@example.com';

/** `npm start` with a member and an administrator, each signed in with a browser. */
export interface OwnerWorld extends SignInWorld {
  stranger: () => Browser;
  member: Browser;
  admin: Browser;
}

export async function startOwnerWorld(): Promise<OwnerWorld> {
  const world = await startSignInWorld();
  const { url } = world.runner;
  await world.addUser(memberEmail);
  await addAdministrator(world, ownerEmail);
  const [member, admin] = [new Browser(url), new Browser(url)];
  await member.signIn(memberEmail);
  await admin.signIn(ownerEmail);
  return { ...world, member, admin, stranger: () => new Browser(url) };
}

export async function addAdministrator(
  { addUser, cognito, poolId }: SignInWorld,
  Username: string,
): Promise<void> {
  await addUser(Username);
  await cognito.send(new AdminAddUserToGroupCommand({ UserPoolId: poolId, GroupName: 'admins', Username }));
}

/** Writes any number of items unchanged. */
export async function putItems(
  client: DynamoDBClient,
  table: string,
  items: readonly Record<string, unknown>[],
): Promise<void> {
  for (let start = 0; start < items.length; start += 25) {
    const requests = items.slice(start, start + 25).map((item) => ({ PutRequest: { Item: marshall(item) } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
  }
}

/** The date, as `YYYY-MM-DD`, a number of days before `nowMs`. */
export function dayBefore(nowMs: number, days: number): string {
  return new Date(nowMs - days * 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);
}
