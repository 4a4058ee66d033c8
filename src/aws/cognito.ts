import {
  AdminDisableUserCommand,
  CognitoIdentityProviderClient,
  CognitoIdentityProviderServiceException,
  LimitExceededException,
  TooManyRequestsException,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoUnavailableError } from '../errors/unavailableErrors';
import { provideCredentials } from './credentials';
import { RequestHandler } from './requestHandler';
import type { Timeouts } from './timeouts';

/** Two attempts fit into a function's ten seconds. */
const timeouts: Timeouts = { connectionMs: 1_000, answerMs: 3_500 };

/** Region and endpoint come from the `AWS_*` variables. Most of the calls here need no credentials. */
export function createCognitoClient(): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({
    maxAttempts: 2,
    credentials: provideCredentials,
    requestHandler: new RequestHandler(timeouts),
  });
}

/** Fetches the keys that the user pool signs tokens with. @throws CognitoUnavailableError */
export async function fetchKeys(address: string): Promise<ArrayBuffer> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(timeouts.answerMs) });
    if (!response.ok) throw new Error(`${address} answered ${response.status}.`);
    return await response.arrayBuffer();
  } catch (error) {
    throw new CognitoUnavailableError(error);
  }
}

/**
 * Calls Cognito.
 * @throws CognitoUnavailableError when Cognito did not answer, failed or throttled; otherwise what the call threw
 */
export async function callCognito<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    throw isRefusal(error) ? error : new CognitoUnavailableError(error);
  }
}

/**
 * Disables a user: sign-ins and token refreshes fail from then on. A repeated call changes nothing.
 * @returns whether the pool has this user
 * @throws CognitoUnavailableError
 */
export async function disableUser(
  client: CognitoIdentityProviderClient,
  userPoolId: string,
  username: string,
): Promise<boolean> {
  try {
    await callCognito(() =>
      client.send(new AdminDisableUserCommand({ UserPoolId: userPoolId, Username: username })),
    );
    return true;
  } catch (error) {
    if (error instanceof UserNotFoundException) return false;
    throw error;
  }
}

/** Whether Cognito decided against the request, as opposed to failing or throttling. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof CognitoIdentityProviderServiceException &&
    error.$fault === 'client' &&
    !(error instanceof TooManyRequestsException || error instanceof LimitExceededException)
  );
}
