import { join } from 'node:path';
import { readTemplate } from '../../local/template/read';
import type { RawTemplate } from '../../local/template/scope';
import { templatePath } from '../support/engine';
import { findLosses, findRenamedVariables } from './stackUpdate';
import {
  lint,
  lintFile,
  readAsSam,
  translate,
  type TranslatedResource,
  type TranslatedTemplate,
  type Translation,
} from './templates';
import { run } from './tools';

jest.setTimeout(120_000);

const template = readTemplate(templatePath);

/** A copy of our template with a fault, which the check for it has to find. */
function broken(edit: (json: string) => string): RawTemplate {
  const before = JSON.stringify(template);
  const after = edit(before);
  if (after === before) throw new Error('The edit changed nothing. Adapt it to the template.');
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
  scheduleNamed: broken((json) => json.replace('"OmitName":true', '"OmitName":false')),
  ownApi: withOwnApi('WebApi'),
  declaredApi: withApi('ServerlessRestApi', { StageName: 'v1', Mode: 'overwrite' }),
  outputChanged: broken((json) => json.replace('/Prod/"', '/"')),
  circular: property('MainFunction', 'Environment', {
    Variables: { HOME_URL: { 'Fn::Sub': 'https://${ServerlessRestApi}.example.com/' } },
  }),
  logGroupNamed: property('LogGroup', 'LogGroupName', '/aws/lambda/main'),
  logGroupOfLambda: property('MainFunction', 'LoggingConfig', { LogGroup: '/aws/lambda/main' }),
  wildcard: property('MainFunction', 'Policies', [
    { Statement: [{ Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:*'], Resource: '*' }] },
  ]),
} satisfies Record<string, RawTemplate>;

/** The web API under another id, in place of the one that SAM makes. */
function withOwnApi(id: string): RawTemplate {
  const copy = broken((json) =>
    json
      .replaceAll('"Type":"Api","Properties":{', `"Type":"Api","Properties":{"RestApiId":{"Ref":"${id}"},`)
      .replaceAll('${ServerlessRestApi}', `\${${id}}`),
  );
  return withApi(id, { StageName: 'Prod' }, copy);
}

function withApi(id: string, Properties: Record<string, unknown>, base = template): RawTemplate {
  return { ...base, Resources: { ...base.Resources, [id]: { Type: 'AWS::Serverless::Api', Properties } } };
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

  it('gives cfn-lint nothing to report', async () => {
    expect(await lintFile(templatePath)).toEqual([]);
  });

  it('gives cfn-lint nothing to report once it is translated, which makes circles visible', async () => {
    expect(await lint('ours', translation.translated.ours)).toEqual([]);
  });

  it('would fail that check with a circle', async () => {
    const findings = await lint('circular', translation.translated.circular);
    expect(findings).toContainEqual(expect.stringContaining('Error E3004: Circular'));
  });

  it('means the same to SAM and to the local runner, merge keys included', async () => {
    expect(splitAttributes(template)).toEqual(splitAttributes(await readAsSam(templatePath)));
  });
});

/** `Fn::GetAtt` as a list, which SAM makes of `!GetAtt Table.Arn`; CloudFormation takes a text as well. */
function splitAttributes(value: RawTemplate): unknown {
  return JSON.parse(JSON.stringify(value), (key, item: unknown) =>
    key === 'Fn::GetAtt' && typeof item === 'string' ? item.split('.') : item,
  );
}

describe('An update of a deployed workshop stack', () => {
  function losses(update: Sample): string[] {
    const { translated, createOnly } = translation;
    return findLosses(translated.workshop, translated[update], createOnly);
  }

  it('keeps the table, the API with its stage, the functions, the place in the stream and the outputs', () => {
    expect(losses('ours')).toEqual([]);
  });

  it('is compared with all that the workshop has', () => {
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

  it("takes from cfn-lint's schemas the properties whose change replaces a resource", () => {
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
  ])('would fail with %s: %s', (update, loss) => {
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
  ])('would fail with another %s', (id, resource, loss) => {
    const { translated, createOnly } = translation;
    const { Resources, ...ours } = translated.ours;
    const update = { ...ours, Resources: { ...Resources, [id]: resource } };
    expect(findLosses(translated.workshop, update, createOnly)).toEqual([loss]);
  });

  it('renames the path variables {tag} alone, which docs/decisions/web-api.md tells how to delete', () => {
    const { workshop, ours } = translation.translated;
    expect(findRenamedVariables(pathsOf(workshop), pathsOf(ours))).toEqual(['/counts/{tag}', '/tags/{tag}']);
  });

  it.each([
    ['another name', ['/a/{x}'], ['/a/{y}'], ['/a/{x}']],
    ['a greedy variable', ['/a/{x}'], ['/a/{x+}'], ['/a/{x}']],
    ['another name with a path behind it', ['/{x}/b'], ['/{y}/c'], ['/{x}']],
    ['the same name', ['/a/{x}'], ['/a/{x}/{y}'], []],
    ['no variable any more', ['/a/{x}'], ['/a/b'], []],
  ])('recognizes %s of a path variable', (_, deployed, update, renamed) => {
    expect(findRenamedVariables(deployed, update)).toEqual(renamed);
  });
});

/** What the REST API is given to import. */
interface ImportedApi {
  paths: Record<string, Record<string, { security?: unknown }>>;
}

function importedApi({ Resources }: TranslatedTemplate): ImportedApi {
  return Resources.ServerlessRestApi?.Properties?.Body as ImportedApi;
}

function pathsOf(translated: TranslatedTemplate): string[] {
  return Object.keys(importedApi(translated).paths);
}

describe('The web API', () => {
  it('is ServerlessRestApi with the stage Prod, at the address of the output APIEndpoint', () => {
    const { Resources, Outputs } = translation.translated.ours;
    expect(Resources.ServerlessRestApi?.Type).toBe('AWS::ApiGateway::RestApi');
    expect(Resources.ServerlessRestApiProdStage?.Properties).toMatchObject({
      RestApiId: { Ref: 'ServerlessRestApi' },
      StageName: 'Prod',
    });
    expect(Outputs?.APIEndpoint?.Value).toEqual({
      'Fn::Sub': 'https://${ServerlessRestApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/Prod/',
    });
  });

  // SAM's own API takes the place of one that a template declares under its id, and no property of the latter is
  // left. So no Mode can be given: docs/decisions/web-api.md. Once this test fails, SAM can do it.
  it('cannot be declared under its id, because SAM ignores such a declaration', () => {
    const { ServerlessRestApi, ServerlessRestApiProdStage } = translation.translated.declaredApi.Resources;
    expect(Object.keys(ServerlessRestApi?.Properties ?? {})).toEqual(['Body']);
    expect(ServerlessRestApiProdStage?.Properties).toMatchObject({ StageName: 'Prod' });
  });

  it('asks for a token wherever members are read or changed, except in a preflight', () => {
    const { paths } = importedApi(translation.translated.ours);
    const withToken = ['/users', '/users/{user_id}'].flatMap((path) =>
      Object.entries(paths[path] ?? {}).map(([method, { security }]) => [path, method, security]),
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

  it('limits GET /hello, which is open and writes, to one call a second', () => {
    expect(translation.translated.ours.Resources.ServerlessRestApiProdStage?.Properties).toMatchObject({
      MethodSettings: expect.arrayContaining([
        { ResourcePath: '/~1hello', HttpMethod: 'GET', ThrottlingRateLimit: 1, ThrottlingBurstLimit: 5 },
      ]) as unknown,
    });
  });

  it('limits sign-in attempts, each of which calls Cognito, to two a second', () => {
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

  it('lets Cognito run the trigger before anyone is invited', () => {
    const { Administrator, RecordMemberFunctionCognitoPermission: permission } =
      translation.translated.ours.Resources;
    expect(Administrator).toMatchObject({ DependsOn: 'RecordMemberFunctionCognitoPermission' });
    expect(permission?.Type).toBe('AWS::Lambda::Permission');
  });

  it('has the outputs that people look up', () => {
    expect(Object.keys(translation.translated.ours.Outputs ?? {})).toEqual(
      expect.arrayContaining(['APIEndpoint', 'PageEndpoint', 'TableName', 'LogGroupName']),
    );
  });

  it('allows the functions of sign-in single items of the sessions only', () => {
    const { Resources } = translation.translated.ours;
    for (const id of ['LoginFunctionRole', 'LogoutFunctionRole']) {
      const { Policies } = (Resources[id]?.Properties ?? {}) as {
        Policies?: { PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] } }[];
      };
      for (const { Action, Resource } of (Policies ?? []).flatMap(
        (policy) => policy.PolicyDocument.Statement,
      )) {
        for (const action of [Action].flat()) {
          expect(action).toMatch(/^dynamodb:(Get|Put|Update|Delete)Item$/);
        }
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

  it('logs to one group with a generated name', () => {
    expect(findLogFaults(translation.translated.ours)).toEqual([]);
  });

  it.each<[Sample, string]>([
    ['logGroupNamed', 'LogGroup has a name.'],
    ['logGroupOfLambda', 'MainFunction does not log to LogGroup.'],
  ])('would fail that check with %s', (sample, fault) => {
    expect(findLogFaults(translation.translated[sample])).toEqual([fault]);
  });

  it('names no resource, so that one Region can have two stacks', () => {
    expect(findNamed(translation.translated.ours)).toEqual([]);
  });

  it.each<[Sample, string]>([
    ['tableNamed', 'DynamoDBTable'],
    ['functionNamed', 'MainFunction'],
    ['logGroupNamed', 'LogGroup'],
    ['scheduleNamed', 'ReconcileFunctionSchedule'],
  ])('would fail that check with %s', (sample, id) => {
    expect(findNamed(translation.translated[sample])).toEqual([id]);
  });

  it('allows no wildcard of actions', () => {
    expect(findWildcardActions(translation.translated.ours)).toEqual([]);
  });

  it('would fail that check with a wildcard', () => {
    expect(findWildcardActions(translation.translated.wildcard)).toEqual(['MainFunctionRole: dynamodb:*']);
  });
});

/** A group with a name could clash with one that Lambda has made, such as /aws/lambda/… in a workshop stack. */
function findLogFaults({ Resources }: TranslatedTemplate): string[] {
  const faults: string[] = [];
  for (const [id, { Type, Properties = {} }] of Object.entries(Resources)) {
    if (Type === 'AWS::Logs::LogGroup' && 'LogGroupName' in Properties) faults.push(`${id} has a name.`);
    if (Type !== 'AWS::Lambda::Function') continue;
    const { LogGroup } = (Properties.LoggingConfig ?? {}) as { LogGroup?: { Ref?: string } };
    if (LogGroup?.Ref !== 'LogGroup') faults.push(`${id} does not log to LogGroup.`);
  }
  return faults;
}

/** Ids of resources whose name the template fixes. Only names that are unique in an account and Region matter. */
function findNamed({ Resources }: TranslatedTemplate): string[] {
  const uniqueNames: Record<string, string> = {
    'AWS::CloudWatch::Alarm': 'AlarmName',
    'AWS::DynamoDB::Table': 'TableName',
    'AWS::IAM::Role': 'RoleName',
    'AWS::Lambda::Function': 'FunctionName',
    'AWS::Logs::LogGroup': 'LogGroupName',
    'AWS::SQS::Queue': 'QueueName',
    'AWS::Scheduler::Schedule': 'Name',
  };
  return Object.entries(Resources)
    .filter(([, { Type, Properties = {} }]) => (uniqueNames[Type] ?? '') in Properties)
    .map(([id]) => id);
}

/** Every `Action` that the template writes, in the policies of roles, queues and keys. */
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
