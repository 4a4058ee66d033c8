import {
  AdminDisableUserCommand,
  CognitoIdentityProviderClient,
  CognitoIdentityProviderServiceException,
  TooManyRequestsException,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';

/** The user pool did not answer, or said that it cannot now. The cause is for the log alone. */
export class UserPoolUnavailableError extends Error {
  constructor(cause: unknown) {
    super('The user pool is not available now.', { cause });
  }
}

/** Endpoint, region and credentials come from the standard `AWS_*` variables. */
export function createUserPoolClient(): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  });
}

/**
 * Keeps a user of a pool from signing in and from refreshing tokens; doing so again changes nothing.
 * @returns whether the pool has such a user
 * @throws UserPoolUnavailableError
 */
export async function disableUser(
  client: CognitoIdentityProviderClient,
  userPoolId: string,
  username: string,
): Promise<boolean> {
  try {
    await client.send(new AdminDisableUserCommand({ UserPoolId: userPoolId, Username: username }));
    return true;
  } catch (error) {
    if (error instanceof UserNotFoundException) return false;
    throw isUnavailable(error) ? new UserPoolUnavailableError(error) : error;
  }
}

function isUnavailable(error: unknown): boolean {
  // What is no verdict of Cognito's came from the way there or back.
  if (!(error instanceof CognitoIdentityProviderServiceException)) return true;
  return error.$fault === 'server' || error instanceof TooManyRequestsException;
}
