import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  ListGroupsCommand,
  AdminSetUserPasswordCommand,
  UsernameExistsException,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { randomBytes } from 'node:crypto';

/** The function whose sign-in page offers the demo user. */
export const loginFunctionId = 'LoginFunction';

/** The variables that the function of the sign-in page gets. */
export type DemoUser = Record<'DEMO_EMAIL' | 'DEMO_PASSWORD', string>;

/**
 * Creates a user to try the application with, in every group of the pool. Its sign-in is checked like any other. The
 * function gets it in variables that the template does not declare, so neither a deployed function nor sam local can
 * have them.
 * @returns the variables
 */
export async function makeDemoUser(
  client: CognitoIdentityProviderClient,
  UserPoolId: string,
): Promise<DemoUser> {
  const Username = 'demo@example.com';
  // The password is new at each start, because the last one is not stored in a readable form.
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
