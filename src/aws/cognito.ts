import {
  CognitoIdentityProviderClient,
  CognitoIdentityProviderServiceException,
  LimitExceededException,
  TooManyRequestsException,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoUnavailableError } from '../errors/unavailableErrors';
import { provideCredentials } from './credentials';
import { RequestHandler } from './requestHandler';
import type { Timeouts } from './timeouts';

/** Two attempts fit into a function's ten seconds. */
export const cognitoTimeouts: Timeouts = { connectionMs: 1_000, answerMs: 3_500 };

/** Region and endpoint come from the `AWS_*` variables. Most of the calls here need no credentials. */
export function createCognitoClient(): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({
    maxAttempts: 2,
    credentials: provideCredentials,
    requestHandler: new RequestHandler(cognitoTimeouts),
  });
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

/** Whether Cognito refused the request. Failures and throttles are not refusals. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof CognitoIdentityProviderServiceException &&
    error.$fault === 'client' &&
    !(error instanceof TooManyRequestsException || error instanceof LimitExceededException)
  );
}
