import {
  AdminDisableUserCommand,
  UserNotFoundException,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { callCognito } from '../aws/cognito';

/**
 * Disables a user: sign-ins and token refreshes fail from then on. A repeated call changes nothing.
 * @returns whether the user pool has this user
 * @throws CognitoUnavailableError
 */
export async function disableUser(
  client: CognitoIdentityProviderClient,
  userPoolId: string,
  userId: string,
): Promise<boolean> {
  try {
    await callCognito(() =>
      client.send(new AdminDisableUserCommand({ UserPoolId: userPoolId, Username: userId })),
    );
    return true;
  } catch (error) {
    if (error instanceof UserNotFoundException) return false;
    throw error;
  }
}
