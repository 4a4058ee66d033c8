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
  ChallengeNotServedError,
  NewPasswordRefusedError,
  PasswordChangeEndedError,
  WrongCredentialsError,
} from './signInErrors';

/** Cognito's own limits, in characters. */
export const maxEmailCharacters = 128;
export const maxPasswordCharacters = 256;

export interface Tokens {
  idToken: string;
  refreshToken: string;
}

/** Who signed in with a temporary password has to set one of their own. */
export interface NewPasswordWanted {
  /** Cognito's name for the user. */
  username: string;
  /** Cognito's text for this sign-in; with it, and the name, anyone may set the password. */
  challenge: string;
}

/** What Cognito says alike or unlike of accounts that are there, are not, or cannot be used; here all are one. */
const refusals = [
  NotAuthorizedException,
  UserNotFoundException,
  UserNotConfirmedException,
  PasswordResetRequiredException,
  InvalidParameterException,
  InvalidPasswordException,
];

/** The user pool's public client: these calls take no permission. */
export class UserPool {
  constructor(
    private readonly client: CognitoIdentityProviderClient,
    private readonly clientId: string,
  ) {}

  /** @throws WrongCredentialsError, ChallengeNotServedError, CognitoUnavailableError */
  async signIn(email: string, password: string): Promise<Tokens | NewPasswordWanted> {
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
      // Why, for the owner. Cognito's sentences of this kind name nobody; others may quote what was typed.
      const reason = error instanceof NotAuthorizedException ? error.message : (error as Error).name;
      console.info('Cognito refused a sign-in.', { reason });
      throw new WrongCredentialsError();
    }
    return answer.ChallengeName === 'NEW_PASSWORD_REQUIRED'
      ? {
          username: answer.ChallengeParameters?.USER_ID_FOR_SRP ?? email,
          challenge: answer.Session ?? '',
        }
      : readTokens(answer);
  }

  /**
   * Sets the first password of one's own.
   * @throws NewPasswordRefusedError, PasswordChangeEndedError, ChallengeNotServedError, CognitoUnavailableError
   */
  async setNewPassword({ username, challenge }: NewPasswordWanted, password: string): Promise<Tokens> {
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
        // Such as `Password did not conform with policy: Password not long enough`.
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
   * @returns a fresh id token, or nothing where Cognito gives none any more: the refresh token has run out or was
   * revoked, or the user is disabled or gone
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

  /** Has the refresh token, and the access tokens that came of it, hold no longer. @throws CognitoUnavailableError */
  async revoke(refreshToken: string): Promise<void> {
    try {
      await callCognito(() =>
        this.client.send(new RevokeTokenCommand({ ClientId: this.clientId, Token: refreshToken })),
      );
    } catch (error) {
      // It has run out or was revoked.
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
  throw new ChallengeNotServedError(
    `Cognito asks this account for ${ChallengeName ?? 'something'} at sign-in, for which there is no form here.`,
  );
}
