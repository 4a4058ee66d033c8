import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { GetItemCommand, PutItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { createHash, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endLater } from './cleanup';
import { createTestClient, credentials, region } from './engine';
import { send, type HttpAnswer } from './http';
import { engineOf, makeFolder, startRunnerProcess, type RunnerProcess } from './runner';

export const password = 'Correct-horse-battery-1';
export const adminEmail = 'boss@example.com';
export const signInCookie = 'footfall-signin';

/** `npm start` with members who have passwords, and clients for its user pool and tables. */
export interface SignInWorld {
  runner: RunnerProcess;
  cognito: CognitoIdentityProviderClient;
  table: DynamoDBClient;
  poolId: string;
  clientId: string;
  /** The key that the pools sign with. */
  key: KeyObject;
  /** Adds a user with a permanent password to the pool. */
  addUser: (email: string) => Promise<void>;
}

export async function startSignInWorld(): Promise<SignInWorld> {
  const folder = makeFolder();
  const runner = await startRunnerProcess(folder, {
    args: ['--parameter-overrides', `AdminEmail=${adminEmail}`],
  });
  const read = (pattern: RegExp) => pattern.exec(runner.output())?.[1] ?? '';
  const endpoint = read(/^ {2}cognito +(\S+)$/m);
  const cognito = new CognitoIdentityProviderClient({ region, credentials, endpoint });
  const table = createTestClient(engineOf(runner));
  endLater(() => {
    cognito.destroy();
    table.destroy();
  });
  const poolId = read(/UserPool: (\S+)$/m);
  const { pem } = JSON.parse(readFileSync(join(folder, 'cognito/key.json'), 'utf8')) as { pem: string };
  const addUser = (email: string) => addUserTo(cognito, poolId, email);
  const clientId = read(/UserPoolClient: (\S+)$/m);
  return { runner, cognito, table, poolId, clientId, key: createPrivateKey(pem), addUser };
}

/** Adds a user with a permanent password. */
export async function addUserTo(
  cognito: CognitoIdentityProviderClient,
  UserPoolId: string,
  Username: string,
): Promise<void> {
  const UserAttributes = [{ Name: 'email', Value: Username }];
  await cognito.send(
    new AdminCreateUserCommand({ UserPoolId, Username, UserAttributes, MessageAction: 'SUPPRESS' }),
  );
  await cognito.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: password, Permanent: true }),
  );
}

/** A minimal browser: it keeps cookies and does not follow redirects. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(
    private readonly url: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  get(path: string, headers: Record<string, string> = {}): Promise<HttpAnswer> {
    return this.call(path, { headers });
  }

  /** Posts a form as one of our own pages would. */
  post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    return this.call(path, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: new URL(this.url).origin,
        'sec-fetch-site': 'same-origin',
        ...headers,
      },
    });
  }

  signIn(email: string, typed = password, path = '/login'): Promise<HttpAnswer> {
    return this.post(path, { email, password: typed });
  }

  /** Signs out with the page's button. */
  async signOut(): Promise<HttpAnswer> {
    return this.post('/logout', { csrf: await this.csrfToken() });
  }

  async csrfToken(): Promise<string> {
    const { body } = await this.get('/restricted');
    return /name="csrf" value="([^"]+)"/.exec(body)?.[1] ?? '';
  }

  /** Whether `/restricted` lets it in. */
  async isSignedIn(): Promise<boolean> {
    return (await this.get('/restricted')).status === 200;
  }

  private async call(
    path: string,
    { headers = {}, ...rest }: { method?: string; headers?: Record<string, string>; body?: string },
  ): Promise<HttpAnswer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = { accept: 'text/html', ...(cookie ? { cookie } : {}), ...this.headers, ...headers };
    const answer = await send(this.url, path, { ...rest, headers: sent });
    for (const line of setCookies(answer)) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (line.includes('Max-Age=0;')) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }
}

export function setCookies({ headers }: HttpAnswer): string[] {
  return ([] as string[]).concat(headers['set-cookie'] ?? []);
}

export const alertOf = ({ body }: HttpAnswer) => /<p role="alert">([^<]*)<\/p>/.exec(body)?.[1];

/** Reads and changes a session's item by the id in the cookie. */
export class SessionItems {
  constructor(private readonly table: DynamoDBClient) {}

  async read(id: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.table.send(
      new GetItemCommand({ TableName: 'SessionsTable', Key: marshall(keyOf(id)), ConsistentRead: true }),
    );
    return Item && unmarshall(Item);
  }

  async change(id: string, values: Record<string, unknown>): Promise<void> {
    const item = { ...(await this.read(id)), ...keyOf(id), ...values };
    const Item = marshall(item, { removeUndefinedValues: true });
    await this.table.send(new PutItemCommand({ TableName: 'SessionsTable', Item }));
  }
}

function keyOf(id: string) {
  return { 'session-id': `sign-in#${createHash('sha256').update(id).digest('hex')}` };
}

/** Changes a token's payload and signs it with a key, or leaves it unsigned. */
export function forgeToken(token: string, key: KeyObject | 'none', changes: object): string {
  const [head = '', payload = ''] = token.split('.');
  const encode = (part: string, more: object) => {
    const old = JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
    return Buffer.from(JSON.stringify({ ...old, ...more })).toString('base64url');
  };
  const signed = `${encode(head, key === 'none' ? { alg: 'none' } : {})}.${encode(payload, changes)}`;
  return `${signed}.${key === 'none' ? '' : sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}
