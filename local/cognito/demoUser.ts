import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  ListGroupsCommand,
  AdminSetUserPasswordCommand,
  UsernameExistsException,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { randomBytes } from 'node:crypto';

/** The function whose page offers it. */
export const loginFunctionId = 'LoginFunction';

/**
 * A user to look around with, in every group of the pool, who signs in by the same check as everybody. The function learns of it by variables that
 * the template does not declare, so nothing deployed, nor sam local, can have them.
 * @returns the variables
 */
export async function makeDemoUser(
  client: CognitoIdentityProviderClient,
  UserPoolId: string,
): Promise<{ DEMO_EMAIL: string; DEMO_PASSWORD: string }> {
  const Username = 'demo@example.com';
  // A new one at each start: the last is not kept anywhere to be read.
  const Password = `Aa1-${randomBytes(18).toString('base64url')}`;
  try {
    await client.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username,
        TemporaryPassword: Password,
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: Username },
          { Name: 'email_verified', Value: 'true' },
        ],
      }),
    );
  } catch (error) {
    if (!(error instanceof UsernameExistsException)) throw error;
  }
  await client.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }));
  const { Groups = [] } = await client.send(new ListGroupsCommand({ UserPoolId }));
  for (const { GroupName } of Groups)
    await client.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName }));
  return { DEMO_EMAIL: Username, DEMO_PASSWORD: Password };
}
