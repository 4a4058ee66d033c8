import {
  CodeMismatchException,
  ExpiredCodeException,
  InitiateAuthCommand,
  InvalidParameterException,
  InvalidPasswordException,
  NotAuthorizedException,
  PasswordHistoryPolicyViolationException,
  PasswordResetRequiredException,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  UserNotConfirmedException,
  UserNotFoundException,
  type CognitoIdentityProviderClient,
  type InitiateAuthCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { callCognito } from '../aws/cognito';
import {
  NewPasswordRefusedError,
  PasswordChangeEndedError,
  UnsupportedChallengeError,
  WrongCredentialsError,
} from './signInErrors';

/** Cognito's own limits, in characters. */
export const maxEmailCharacters = 128;
export const maxPasswordCharacters = 256;

export interface Tokens {
  idToken: string;
  refreshToken: string;
}

/** Cognito's demand for a new password after a sign-in with a temporary one. */
export interface NewPasswordChallenge {
  /** Cognito's name for the user. */
  username: string;
  /** Cognito's token for this sign-in. Anyone who has it and the username can set the password. */
  challenge: string;
}

/** The result of a sign-in with the correct password. */
export type SignInOutcome =
  ({ kind: 'signedIn' } & Tokens) | ({ kind: 'newPasswordRequired' } & NewPasswordChallenge);

/** Cognito's errors for accounts that do not exist or cannot be used, and for wrong passwords. Callers see one error. */
const refusals = [
  NotAuthorizedException,
  UserNotFoundException,
  UserNotConfirmedException,
  PasswordResetRequiredException,
  InvalidParameterException,
  InvalidPasswordException,
];

/** The user pool's public client: its calls need no IAM permission. */
export class UserPool {
  constructor(
    private readonly client: CognitoIdentityProviderClient,
    private readonly clientId: string,
  ) {}

  /** @throws WrongCredentialsError, UnsupportedChallengeError, CognitoUnavailableError */
  async signIn(email: string, password: string): Promise<SignInOutcome> {
    let answer: InitiateAuthCommandOutput;
    try {
      answer = await callCognito(() =>
        this.client.send(
          new InitiateAuthCommand({
            ClientId: this.clientId,
            AuthFlow: 'USER_PASSWORD_AUTH',
            AuthParameters: { USERNAME: email, PASSWORD: password },
          }),
        ),
      );
    } catch (error) {
      if (!refusals.some((refusal) => error instanceof refusal)) throw error;
      // Logs the reason for the owner. Only NotAuthorizedException's message never quotes what was typed.
      const reason = error instanceof NotAuthorizedException ? error.message : (error as Error).name;
      console.info('Cognito refused a sign-in.', { reason });
      throw new WrongCredentialsError();
    }
    return answer.ChallengeName === 'NEW_PASSWORD_REQUIRED'
      ? {
          kind: 'newPasswordRequired',
          username: answer.ChallengeParameters?.USER_ID_FOR_SRP ?? email,
          challenge: answer.Session ?? '',
        }
      : { kind: 'signedIn', ...readTokens(answer) };
  }

  /**
   * Answers the challenge with a new password.
   * @throws NewPasswordRefusedError, PasswordChangeEndedError, UnsupportedChallengeError, CognitoUnavailableError
   */
  async setNewPassword({ username, challenge }: NewPasswordChallenge, password: string): Promise<Tokens> {
    try {
      return readTokens(
        await callCognito(() =>
          this.client.send(
            new RespondToAuthChallengeCommand({
              ClientId: this.clientId,
              ChallengeName: 'NEW_PASSWORD_REQUIRED',
              Session: challenge,
              ChallengeResponses: { USERNAME: username, NEW_PASSWORD: password },
            }),
          ),
        ),
      );
    } catch (error) {
      if (
        error instanceof InvalidPasswordException ||
        error instanceof PasswordHistoryPolicyViolationException ||
        error instanceof InvalidParameterException
      ) {
        // For example `Password did not conform with policy: Password not long enough`.
        throw new NewPasswordRefusedError(`${error.message.replace(/\.$/, '')}.`);
      }
      if (
        error instanceof NotAuthorizedException ||
        error instanceof CodeMismatchException ||
        error instanceof ExpiredCodeException
      ) {
        throw new PasswordChangeEndedError();
      }
      throw error;
    }
  }

  /**
   * @returns a fresh id token, or undefined if the refresh token has expired or was revoked, or the user is disabled or
   * deleted
   * @throws CognitoUnavailableError
   */
  async refresh(refreshToken: string): Promise<string | undefined> {
    try {
      const { AuthenticationResult } = await callCognito(() =>
        this.client.send(
          new InitiateAuthCommand({
            ClientId: this.clientId,
            AuthFlow: 'REFRESH_TOKEN_AUTH',
            AuthParameters: { REFRESH_TOKEN: refreshToken },
          }),
        ),
      );
      return AuthenticationResult?.IdToken;
    } catch (error) {
      if (refusals.some((refusal) => error instanceof refusal)) return undefined;
      throw error;
    }
  }

  /** Revokes a refresh token and the access tokens made with it. @throws CognitoUnavailableError */
  async revoke(refreshToken: string): Promise<void> {
    try {
      await callCognito(() =>
        this.client.send(new RevokeTokenCommand({ ClientId: this.clientId, Token: refreshToken })),
      );
    } catch (error) {
      // The token has expired or was revoked already.
      if (!refusals.some((refusal) => error instanceof refusal)) throw error;
    }
  }
}

function readTokens({
  ChallengeName,
  AuthenticationResult,
}: Pick<InitiateAuthCommandOutput, 'ChallengeName' | 'AuthenticationResult'>): Tokens {
  const { IdToken, RefreshToken } = AuthenticationResult ?? {};
  if (IdToken !== undefined && RefreshToken !== undefined) {
    return { idToken: IdToken, refreshToken: RefreshToken };
  }
  throw new UnsupportedChallengeError(
    `This account needs the sign-in step ${ChallengeName ?? 'unknown'}, which Footfall does not support.`,
  );
}
