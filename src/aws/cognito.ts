import {
  AdminDisableUserCommand,
  CognitoIdentityProviderClient,
  CognitoIdentityProviderServiceException,
  LimitExceededException,
  TooManyRequestsException,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { provideCredentials } from './credentials';
import { CognitoUnavailableError } from '../accounts/signInErrors';

/** Two attempts of these fit into a function's ten seconds. */
const connectionTimeoutMs = 1_000;
const requestTimeoutMs = 3_500;

/** Most of its calls anyone may make, without credentials. Endpoint and region come from `AWS_*` variables. */
export function createCognitoClient(): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({
    maxAttempts: 2,
    credentials: provideCredentials,
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
  });
}

/** The keys that the pool signs with. @throws CognitoUnavailableError */
export async function fetchKeys(address: string): Promise<ArrayBuffer> {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(requestTimeoutMs) });
    if (!response.ok) throw new Error(`The keys were answered with ${response.status}.`);
    return await response.arrayBuffer();
  } catch (error) {
    throw new CognitoUnavailableError(error);
  }
}

/**
 * Calls Cognito and tells its verdicts from a Cognito that is away, slow or throttling.
 * @throws CognitoUnavailableError, or what the call threw
 */
export async function callCognito<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    throw isVerdict(error) ? error : new CognitoUnavailableError(error);
  }
}

/**
 * Keeps a user of a pool from signing in and from refreshing tokens; doing so again changes nothing.
 * @returns whether the pool has such a user
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

function isVerdict(error: unknown): boolean {
  return (
    error instanceof CognitoIdentityProviderServiceException &&
    error.$fault === 'client' &&
    !(error instanceof TooManyRequestsException || error instanceof LimitExceededException)
  );
}
