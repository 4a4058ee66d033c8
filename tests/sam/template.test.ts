import { join } from 'node:path';
import { readTemplate } from '../../local/template/read';
import type { RawTemplate } from '../../local/template/scope';
import { templatePath } from '../support/engine';
import { findLosses } from './stackUpdate';
import {
  lint,
  lintFile,
  translate,
  type TranslatedResource,
  type TranslatedTemplate,
  type Translation,
} from './templates';
import { run } from './tools';

jest.setTimeout(120_000);

const template = readTemplate(templatePath);

/** A copy of our template with a fault: each check must find the one that it is there for. */
function broken(edit: (json: string) => string): RawTemplate {
  const before = JSON.stringify(template);
  const after = edit(before);
  if (after === before) throw new Error('The edit changed nothing; the template reads differently by now.');
  return JSON.parse(after) as RawTemplate;
}

function property(id: string, name: string, value: unknown): RawTemplate {
  const copy = structuredClone(template);
  const properties = copy.Resources?.[id]?.Properties;
  if (!properties) throw new Error(`The template has no ${id}.`);
  properties[name] = value;
  return copy;
}

const samples = {
  ours: template,
  workshop: readTemplate(join(__dirname, 'workshop.yaml')),
  tableRenamed: broken((json) => json.replaceAll('DynamoDBTable', 'CountsTable')),
  keyRenamed: broken((json) => json.replaceAll('"AttributeName":"ID"', '"AttributeName":"Tag"')),
  keyOfAnotherType: broken((json) => json.replace('"AttributeType":"S"', '"AttributeType":"N"')),
  tableNamed: property('DynamoDBTable', 'TableName', 'counts'),
  otherStream: broken((json) => json.replace('"NEW_AND_OLD_IMAGES"', '"NEW_IMAGE"')),
  readFromNow: broken((json) => json.replace('"TRIM_HORIZON"', '"LATEST"')),
  mappingRenamed: broken((json) => json.replace('"DynamoDBStream":', '"Stream":')),
  functionRenamed: broken((json) => json.replaceAll('"ViewCountsFunction"', '"CountsFunction"')),
  functionNamed: property('MainFunction', 'FunctionName', 'main'),
  ownApi: withOwnApi('WebApi'),
  outputChanged: broken((json) => json.replace('/Prod/"', '/"')),
  circular: property('MainFunction', 'Environment', {
    Variables: { HOME_URL: { 'Fn::Sub': 'https://${ServerlessRestApi}.example.com/' } },
  }),
  logGroupNamed: property('MainLogGroup', 'LogGroupName', '/aws/lambda/main'),
  logGroupLeftOut: property('MainFunction', 'LoggingConfig', {}),
  wildcard: property('MainFunction', 'Policies', [
    { Statement: [{ Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:*'], Resource: '*' }] },
  ]),
} satisfies Record<string, RawTemplate>;

/** The web door as an API of its own, in the place of the one that SAM makes for events that name none. */
function withOwnApi(id: string): RawTemplate {
  const copy = broken((json) =>
    json.replaceAll('"Type":"Api","Properties":{', `"Type":"Api","Properties":{"RestApiId":{"Ref":"${id}"},`),
  );
  const api = { Type: 'AWS::Serverless::Api', Properties: { StageName: 'Prod' } };
  const moved = JSON.parse(
    JSON.stringify(copy).replaceAll('${ServerlessRestApi}', `\${${id}}`),
  ) as RawTemplate;
  return { ...moved, Resources: { ...moved.Resources, [id]: api } };
}

type Sample = keyof typeof samples;
let translation: Translation<Sample>;
beforeAll(async () => {
  translation = await translate<Sample>(samples);
});

describe('template.yaml', () => {
  it('passes sam validate --lint', async () => {
    const { status, stdout, stderr } = await run('sam', ['validate', '--lint', '--template', templatePath]);
    expect({ status, stdout: stdout.trim(), stderr: stderr.trim() }).toEqual({
      status: 0,
      stdout: `${templatePath} is a valid SAM Template`,
      stderr: '',
    });
  });

  it('is nothing that cfn-lint speaks of', async () => {
    expect(await lintFile(templatePath)).toEqual([]);
  });

  it('is nothing that cfn-lint speaks of once it is translated, where circles show', async () => {
    expect(await lint('ours', translation.translated.ours)).toEqual([]);
  });

  it('would be stopped by that if it had a circle', async () => {
    const findings = await lint('circular', translation.translated.circular);
    expect(findings).toContainEqual(expect.stringContaining('Error E3004: Circular'));
  });
});

describe('An update of a deployed workshop stack', () => {
  function losses(update: Sample): string[] {
    const { translated, createOnly } = translation;
    return findLosses(translated.workshop, translated[update], createOnly);
  }

  it('keeps the table, the API with its stage, the functions, the place in the stream and the outputs', () => {
    expect(losses('ours')).toEqual([]);
  });

  it('is compared by what the workshop has', () => {
    const ids = Object.keys(translation.translated.workshop.Resources);
    expect(ids).toEqual(
      expect.arrayContaining([
        'DynamoDBTable',
        'MainFunction',
        'RecordVisitFunction',
        'ViewCountsFunction',
        'StreamProcessorFunction',
        'StreamProcessorFunctionDynamoDBStream',
        'ServerlessRestApi',
        'ServerlessRestApiProdStage',
      ]),
    );
  });

  it("knows the properties whose change replaces a resource from cfn-lint's schemas", () => {
    const known = Object.entries(translation.createOnly).flatMap(([type, pointers]) =>
      pointers.map((pointer) => type + pointer),
    );
    expect(known).toEqual(
      expect.arrayContaining([
        'AWS::DynamoDB::Table/properties/TableName',
        'AWS::DynamoDB::Table/properties/KeySchema',
        'AWS::Lambda::EventSourceMapping/properties/EventSourceArn',
        'AWS::Lambda::EventSourceMapping/properties/StartingPosition',
        'AWS::Lambda::Function/properties/FunctionName',
        'AWS::ApiGateway::Stage/properties/StageName',
      ]),
    );
  });

  const mapping = 'StreamProcessorFunctionDynamoDBStream';
  it.each<[Sample, string]>([
    ['tableRenamed', 'DynamoDBTable (AWS::DynamoDB::Table) is gone.'],
    ['tableRenamed', `${mapping} is replaced: its EventSourceArn changes.`],
    ['tableRenamed', 'The output TableName changes.'],
    ['keyRenamed', 'DynamoDBTable is replaced: its KeySchema changes.'],
    ['keyOfAnotherType', "DynamoDBTable is replaced: its attribute ID's type changes."],
    ['tableNamed', 'DynamoDBTable is replaced: its TableName changes.'],
    ['otherStream', 'DynamoDBTable is replaced: its StreamSpecification changes.'],
    ['readFromNow', `${mapping} is replaced: its StartingPosition changes.`],
    ['mappingRenamed', `${mapping} (AWS::Lambda::EventSourceMapping) is gone.`],
    ['functionRenamed', 'ViewCountsFunction (AWS::Lambda::Function) is gone.'],
    ['functionNamed', 'MainFunction is replaced: its FunctionName changes.'],
    ['ownApi', 'ServerlessRestApi (AWS::ApiGateway::RestApi) is gone.'],
    ['ownApi', 'ServerlessRestApiProdStage (AWS::ApiGateway::Stage) is gone.'],
    ['outputChanged', 'The output APIEndpoint changes.'],
  ])('would be stopped by %s: %s', (update, loss) => {
    expect(losses(update)).toContain(loss);
  });

  it.each<[string, TranslatedResource, string]>([
    [
      'MainFunction',
      { Type: 'AWS::SQS::Queue' },
      'MainFunction is of another type: AWS::SQS::Queue, which was AWS::Lambda::Function.',
    ],
    [
      'ServerlessRestApiProdStage',
      {
        Type: 'AWS::ApiGateway::Stage',
        Properties: { RestApiId: { Ref: 'ServerlessRestApi' }, StageName: 'v1' },
      },
      'ServerlessRestApiProdStage is replaced: its StageName changes.',
    ],
  ])('would be stopped by another %s', (id, resource, loss) => {
    const { translated, createOnly } = translation;
    const { Resources, ...ours } = translated.ours;
    const update = { ...ours, Resources: { ...Resources, [id]: resource } };
    expect(findLosses(translated.workshop, update, createOnly)).toEqual([loss]);
  });
});

describe('The translated template', () => {
  it('keeps the counts when the stack is deleted or would replace their table', () => {
    expect(translation.translated.ours.Resources.DynamoDBTable).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it.each(['UsersTable', 'UserPool'])('keeps the members, in %s, as well', (id) => {
    expect(translation.translated.ours.Resources[id]).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('asks for a token wherever members are read or changed, and nowhere for a preflight', () => {
    const { Body } = translation.translated.ours.Resources.ServerlessRestApi?.Properties as {
      Body: { paths: Record<string, Record<string, { security?: unknown }>> };
    };
    const withToken = ['/users', '/users/{user_id}'].flatMap((path) =>
      Object.entries(Body.paths[path] ?? {}).map(([method, { security }]) => [path, method, security]),
    );
    const security = [{ MembersAuthorizer: [] }];
    expect(withToken).toHaveLength(6);
    expect(withToken).toEqual(
      expect.arrayContaining([
        ['/users', 'get', security],
        ['/users', 'options', undefined],
        ['/users/{user_id}', 'get', security],
        ['/users/{user_id}', 'put', security],
        ['/users/{user_id}', 'delete', security],
        ['/users/{user_id}', 'options', undefined],
      ]),
    );
  });

  it('lets Cognito run the trigger before anybody is invited', () => {
    const { Administrator, RecordMemberFunctionCognitoPermission: permission } =
      translation.translated.ours.Resources;
    expect(Administrator).toMatchObject({ DependsOn: 'RecordMemberFunctionCognitoPermission' });
    expect(permission?.Type).toBe('AWS::Lambda::Permission');
  });

  it('has the outputs that people look up', () => {
    expect(Object.keys(translation.translated.ours.Outputs ?? {})).toEqual(
      expect.arrayContaining(['APIEndpoint', 'PageEndpoint', 'TableName']),
    );
  });

  it('limits GET /hello, which is open and writes, to one call a second', () => {
    expect(translation.translated.ours.Resources.ServerlessRestApiProdStage?.Properties).toMatchObject({
      MethodSettings: expect.arrayContaining([
        { ResourcePath: '/~1hello', HttpMethod: 'GET', ThrottlingRateLimit: 1, ThrottlingBurstLimit: 5 },
      ]) as unknown,
    });
  });

  it('limits attempts to sign in, which ask Cognito, to two a second', () => {
    expect(translation.translated.ours.Resources.ServerlessRestApiProdStage?.Properties).toMatchObject({
      MethodSettings: expect.arrayContaining([
        {
          ...{ ResourcePath: '/~1login', HttpMethod: 'POST' },
          ...{
            ThrottlingRateLimit: { Ref: 'SignInRateLimit' },
            ThrottlingBurstLimit: { Ref: 'SignInBurstLimit' },
          },
        },
      ]) as unknown,
    });
  });

  it('gives the functions of sign-in nothing but single items of the sessions', () => {
    const { Resources } = translation.translated.ours;
    for (const id of ['LoginFunctionRole', 'LogoutFunctionRole']) {
      const { Policies } = (Resources[id]?.Properties ?? {}) as {
        Policies?: { PolicyDocument: { Statement: { Action: string; Resource: unknown }[] } }[];
      };
      for (const { Action, Resource } of (Policies ?? []).flatMap(
        (policy) => policy.PolicyDocument.Statement,
      )) {
        expect(Action).toMatch(/^dynamodb:(Get|Put|Update|Delete)Item$/);
        expect(Resource).toEqual({ 'Fn::GetAtt': 'SessionsTable.Arn' });
      }
      expect(Policies).toHaveLength(1);
    }
  });

  it('has sessions removed once they have expired', () => {
    expect(translation.translated.ours.Resources.SessionsTable?.Properties).toMatchObject({
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    });
  });

  it('logs to groups of generated names, one a function', () => {
    expect(findLogFaults(translation.translated.ours)).toEqual([]);
  });

  it.each<[Sample, string]>([
    ['logGroupNamed', 'MainLogGroup has a name.'],
    ['logGroupLeftOut', 'MainFunction logs to no group of the template.'],
  ])('would be stopped by %s', (sample, fault) => {
    expect(findLogFaults(translation.translated[sample])).toEqual([fault]);
  });

  it('allows no wildcard of actions', () => {
    expect(findWildcardActions(translation.translated.ours)).toEqual([]);
  });

  it('would be stopped by a wildcard', () => {
    expect(findWildcardActions(translation.translated.wildcard)).toEqual(['MainFunctionRole: dynamodb:*']);
  });
});

/** Groups by a name of their own would clash with those that Lambda has made, as /aws/lambda/… in a workshop's stack. */
function findLogFaults({ Resources }: TranslatedTemplate): string[] {
  const faults: string[] = [];
  for (const [id, { Type, Properties = {} }] of Object.entries(Resources)) {
    if (Type === 'AWS::Logs::LogGroup' && 'LogGroupName' in Properties) faults.push(`${id} has a name.`);
    if (Type !== 'AWS::Lambda::Function') continue;
    const { LogGroup } = (Properties.LoggingConfig ?? {}) as { LogGroup?: { Ref?: string } };
    const group = Resources[LogGroup?.Ref ?? ''];
    if (group?.Type !== 'AWS::Logs::LogGroup') faults.push(`${id} logs to no group of the template.`);
  }
  return faults;
}

/** Every `Action` in whatever the template writes: roles' policies, queues' policies, keys' policies. */
function findWildcardActions({ Resources }: TranslatedTemplate): string[] {
  const found: string[] = [];
  const visit = (id: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, child] of Object.entries(value)) {
      if (name === 'Action' || name === 'NotAction') {
        const actions = ([] as unknown[]).concat(child).map(String);
        found.push(...actions.filter((action) => action.includes('*')).map((action) => `${id}: ${action}`));
      } else visit(id, child);
    }
  };
  for (const [id, { Properties }] of Object.entries(Resources)) visit(id, Properties);
  return found;
}
