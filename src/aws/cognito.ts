import {
  AdminDisableUserCommand,
  CognitoIdentityProviderClient,
  CognitoIdentityProviderServiceException,
  LimitExceededException,
  TooManyRequestsException,
  UserNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoUnavailableError } from './unavailable';
import { Connection } from './signed/connection';
import { provideCredentials } from './credentials';
import { RequestHandler } from './requestHandler';
import type { Timeouts } from './timeouts';

/** Two attempts of these fit into a function's ten seconds. */
const timeouts: Timeouts = { connectionMs: 1_000, answerMs: 3_500 };

/** Most of its calls anyone may make, without credentials. Endpoint and region come from `AWS_*` variables. */
export function createCognitoClient(): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({
    maxAttempts: 2,
    credentials: provideCredentials,
    requestHandler: new RequestHandler(timeouts),
  });
}

/** The keys that the pool signs with. @throws CognitoUnavailableError */
export async function fetchKeys(address: string): Promise<ArrayBuffer> {
  const connection = new Connection(timeouts);
  try {
    const { protocol, hostname, port, pathname: path } = new URL(address);
    const { status, body } = await connection.send({ protocol, hostname, port, path, method: 'GET' });
    if (status !== 200) throw new Error(`The keys were answered with ${status}.`);
    return Uint8Array.from(body).buffer;
  } catch (error) {
    throw new CognitoUnavailableError(error);
  } finally {
    connection.close();
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
