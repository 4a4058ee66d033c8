import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  GroupExistsException,
  InitiateAuthCommand,
  type AttributeType,
} from '@aws-sdk/client-cognito-identity-provider';
import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endLater } from './cleanup';
import { credentials, region } from './engine';
import type { RunnerProcess } from './runner';

export const memberPassword = 'Correct-horse-battery-1';

export interface Tokens {
  IdToken: string;
  AccessToken: string;
}

/** A signed-in user of a pool. */
export interface SignedIn extends Tokens {
  sub: string;
}

/** A user pool of a runner, found by its logical id. */
export class TestUserPool {
  readonly client: CognitoIdentityProviderClient;
  readonly id: string;

  constructor(
    private readonly runner: RunnerProcess,
    private readonly logicalId = 'UserPool',
  ) {
    this.client = new CognitoIdentityProviderClient({
      region,
      credentials,
      endpoint: this.find(/ cognito +(\S+)/),
    });
    endLater(() => {
      this.client.destroy();
    });
    this.id = this.find(new RegExp(` user pool +${this.logicalId}: (\\S+)`));
  }

  clientId(logicalId = 'UserPoolClient'): string {
    return this.find(new RegExp(` client +${logicalId}: (\\S+)`));
  }

  /** Adds a user with a permanent password to these groups. */
  async addUser(
    Username: string,
    groups: string[] = [],
    UserAttributes: AttributeType[] = [],
  ): Promise<void> {
    const user = { UserPoolId: this.id, Username };
    await this.client.send(
      new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS', UserAttributes }),
    );
    await this.client.send(
      new AdminSetUserPasswordCommand({ ...user, Password: memberPassword, Permanent: true }),
    );
    for (const GroupName of groups) await this.addToGroup(user, GroupName);
  }

  async signIn(username: string, clientId = this.clientId()): Promise<SignedIn> {
    const { AuthenticationResult } = await this.client.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: clientId,
        AuthParameters: { USERNAME: username, PASSWORD: memberPassword },
      }),
    );
    const tokens = AuthenticationResult as Tokens;
    return { ...tokens, sub: readClaims(tokens.IdToken).sub };
  }

  async join(username: string, groups: string[] = []): Promise<SignedIn> {
    await this.addUser(username, groups);
    return this.signIn(username);
  }

  private async addToGroup(user: { UserPoolId: string; Username: string }, GroupName: string): Promise<void> {
    try {
      await this.client.send(new CreateGroupCommand({ UserPoolId: this.id, GroupName }));
    } catch (error) {
      if (!(error instanceof GroupExistsException)) throw error;
    }
    await this.client.send(new AdminAddUserToGroupCommand({ ...user, GroupName }));
  }

  private find(pattern: RegExp): string {
    const found = pattern.exec(this.runner.output())?.[1];
    if (found === undefined) throw new Error(`The runner's output does not match ${pattern.source}.`);
    return found;
  }
}

/** Changes a token's payload and header, and signs it with a key, or leaves it unsigned. */
export function forgeToken(
  token: string,
  key: KeyObject | 'none',
  changes: object = {},
  header: object = {},
): string {
  const [head = '', payload = ''] = token.split('.');
  const encode = (part: string, more: object) => {
    const old = JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
    return Buffer.from(JSON.stringify({ ...old, ...more })).toString('base64url');
  };
  const signed = `${encode(head, key === 'none' ? { alg: 'none' } : header)}.${encode(payload, changes)}`;
  return `${signed}.${key === 'none' ? '' : sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

/** The key that the pools of a data folder sign with. */
export function readPoolKey(dataFolder: string): KeyObject {
  const { pem } = JSON.parse(readFileSync(join(dataFolder, 'cognito/key.json'), 'utf8')) as { pem: string };
  return createPrivateKey(pem);
}

function readClaims(token: string): { sub: string } {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub: string };
}
