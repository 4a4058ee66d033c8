import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  ListGroupsCommand,
  ListUserPoolClientsCommand,
  ListUserPoolsCommand,
  UpdateUserPoolClientCommand,
  UpdateUserPoolCommand,
  UserNotFoundException,
  type CognitoIdentityProviderClient,
  type CreateUserPoolClientCommandInput,
  type CreateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import { randomBytes } from 'node:crypto';
import type { Report } from '../report';
import type { Template } from '../template/application';
import { textProperty, type Properties } from '../template/properties';
import { accountId } from '../template/scope';

/** A user pool of the template, as it runs here. */
export interface UserPool {
  /** The logical id. */
  id: string;
  poolId: string;
  arn: string;
  /** The `iss` of its tokens; its keys are at `<issuer>/.well-known/jwks.json`. */
  issuer: string;
  clientIds: string[];
  /** Functions by trigger, as the pool's own `LambdaConfig` names them. */
  triggers: Record<string, string>;
}

/** Creates the Cognito resources of the template, or updates existing ones, and registers their ids with the template. */
export async function makeUserPools(
  client: CognitoIdentityProviderClient,
  template: Template,
  endpoint: string,
  region: string,
  { print, detail }: Report,
): Promise<UserPool[]> {
  const pools: UserPool[] = [];
  for (const { id, properties } of template.resourcesOf('AWS::Cognito::UserPool')) {
    const poolId = await ensurePool(client, id, properties);
    const pool: UserPool = {
      id,
      poolId,
      arn: `arn:aws:cognito-idp:${region}:${accountId}:userpool/${poolId}`,
      issuer: `${endpoint}/${poolId}`,
      clientIds: [],
      triggers: readTriggers(properties),
    };
    pools.push(pool);
    template.references.set(id, poolId);
    template.attributes
      .set(`${id}.UserPoolId`, poolId)
      .set(`${id}.Arn`, pool.arn)
      .set(`${id}.ProviderURL`, pool.issuer)
      .set(`${id}.ProviderName`, pool.issuer.replace(/^https?:\/\//, ''));
    detail(`  user pool  ${id}: ${poolId}`);
  }

  for (const { id, properties } of template.resourcesOf('AWS::Cognito::UserPoolClient')) {
    const made = await ensureClient(client, id, properties);
    const pool = pools.find(({ poolId }) => poolId === properties.UserPoolId);
    pool?.clientIds.push(made.clientId);
    template.references.set(id, made.clientId);
    template.attributes.set(`${id}.ClientId`, made.clientId).set(`${id}.Name`, nameOfClient(id, properties));
    if (made.secret !== undefined) template.attributes.set(`${id}.ClientSecret`, made.secret);
    detail(`  client     ${id}: ${made.clientId}`);
  }

  for (const { id, properties } of template.resourcesOf('AWS::Cognito::UserPoolGroup')) {
    const group = textProperty(properties, 'GroupName', id);
    await ensureGroup(client, group, properties);
    template.references.set(id, group);
    detail(`  group      ${id}: ${group}`);
  }

  for (const { id, properties } of template.resourcesOf('AWS::Cognito::UserPoolUser')) {
    const username = textProperty(properties, 'Username', id);
    const password = await ensureUser(client, username, properties);
    template.references.set(id, username);
    // In the cloud, the temporary password would come by mail.
    if (password === undefined) detail(`  user       ${id}: ${username}`);
    else print(`  user       ${id}: ${username}, temporary password ${password}`);
  }

  for (const { id, properties } of template.resourcesOf('AWS::Cognito::UserPoolUserToGroupAttachment')) {
    const { UserPoolId, GroupName, Username } = texts(properties, 'UserPoolId', 'GroupName', 'Username');
    await client.send(new AdminAddUserToGroupCommand({ UserPoolId, GroupName, Username }));
    template.references.set(id, id);
  }
  return pools;
}

/** The name in cognito-local is the logical id, so that the next start finds the resource. */
async function ensurePool(
  client: CognitoIdentityProviderClient,
  id: string,
  properties: Properties,
): Promise<string> {
  const { UserPools = [] } = await client.send(new ListUserPoolsCommand({ MaxResults: 60 }));
  const present = UserPools.find(({ Name }) => Name === id)?.Id;
  // CloudFormation and the API use the same names, except for the pool's name. The runner itself runs the triggers.
  const input = Object.fromEntries(
    Object.entries(properties).filter(([name]) => name !== 'UserPoolName' && name !== 'LambdaConfig'),
  ) as Partial<CreateUserPoolCommandInput>;
  const poolId =
    present ?? (await client.send(new CreateUserPoolCommand({ ...input, PoolName: id }))).UserPool?.Id ?? '';
  // Also after a creation, in which cognito-local adds defaults that AWS does not have.
  await client.send(new UpdateUserPoolCommand({ ...input, UserPoolId: poolId }));
  return poolId;
}

async function ensureClient(
  client: CognitoIdentityProviderClient,
  id: string,
  properties: Properties,
): Promise<{ clientId: string; secret: string | undefined }> {
  const { UserPoolId } = texts(properties, 'UserPoolId');
  const { UserPoolClients = [] } = await client.send(
    new ListUserPoolClientsCommand({ UserPoolId, MaxResults: 60 }),
  );
  const present = UserPoolClients.find(({ ClientName }) => ClientName === id)?.ClientId;
  // AWS's defaults. cognito-local has others: a day for tokens, and minutes as the unit.
  const input = {
    AccessTokenValidity: 1,
    IdTokenValidity: 1,
    RefreshTokenValidity: 30,
    ...properties,
    TokenValidityUnits: {
      AccessToken: 'hours',
      IdToken: 'hours',
      RefreshToken: 'days',
      ...(properties.TokenValidityUnits as Properties | undefined),
    },
    ClientName: id,
    UserPoolId,
  } as CreateUserPoolClientCommandInput;
  const { UserPoolClient: made } =
    present === undefined
      ? await client.send(new CreateUserPoolClientCommand(input))
      : await client.send(new UpdateUserPoolClientCommand({ ...input, ClientId: present }));
  return { clientId: made?.ClientId ?? '', secret: made?.ClientSecret };
}

async function ensureGroup(
  client: CognitoIdentityProviderClient,
  GroupName: string,
  properties: Properties,
): Promise<void> {
  const { UserPoolId } = texts(properties, 'UserPoolId');
  // GetGroup fails in cognito-local while a pool has no group.
  const { Groups = [] } = await client.send(new ListGroupsCommand({ UserPoolId }));
  if (Groups.some((group) => group.GroupName === GroupName)) return;
  await client.send(new CreateGroupCommand({ ...properties, UserPoolId, GroupName }));
}

/**
 * Invites a user, as CloudFormation does.
 * @returns the password that Cognito would mail. Until the user has set one, each start makes a new one, because the
 * last one cannot be read.
 */
async function ensureUser(
  client: CognitoIdentityProviderClient,
  Username: string,
  properties: Properties,
): Promise<string | undefined> {
  const { UserPoolId } = texts(properties, 'UserPoolId');
  const password = `Aa1-${randomBytes(18).toString('base64url')}`;
  try {
    const { UserStatus } = await client.send(new AdminGetUserCommand({ UserPoolId, Username }));
    if (UserStatus !== 'FORCE_CHANGE_PASSWORD') return undefined;
    await client.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: password }));
  } catch (error) {
    if (!(error instanceof UserNotFoundException)) throw error;
    await client.send(
      new AdminCreateUserCommand({
        ...properties,
        UserPoolId,
        Username,
        TemporaryPassword: password,
        MessageAction: 'SUPPRESS',
      }),
    );
  }
  return password;
}

function readTriggers(properties: Properties): Record<string, string> {
  const config = Object.entries((properties.LambdaConfig ?? {}) as Properties);
  return Object.fromEntries(
    config.flatMap(([trigger, arn]) =>
      typeof arn === 'string' ? [[trigger, arn.split(':').at(-1) ?? '']] : [],
    ),
  );
}

function nameOfClient(id: string, properties: Properties): string {
  return textProperty(properties, 'ClientName', id);
}

function texts<Name extends string>(properties: Properties, ...names: Name[]): Record<Name, string> {
  const entries = names.map((name) => [name, textProperty(properties, name, '')] as const);
  return Object.fromEntries(entries) as Record<Name, string>;
}
