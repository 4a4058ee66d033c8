import { dirname, resolve as resolvePath } from 'node:path';
import {
  assertDistinct,
  leftOut,
  parseAuthorizer,
  parseCors,
  parsePath,
  parseUnauthorizedHeaders,
  type CorsDefinition,
  type RouteDefinition,
  type TriggerDefinition,
} from './apis';
import { resolve, type Scope } from './intrinsics';
import { listProperty, mergeProperties, numberProperty, textProperty, type Properties } from './properties';
import { createScope, type RawResource, type RawTemplate } from './scope';
import { TemplateError } from './templateError';

export interface TableDefinition {
  id: string;
  /** Properties of `AWS::DynamoDB::Table`; those of a SimpleTable are translated. */
  properties: Properties;
}

/** A function as SAM describes it. Its variables are complete only after the tables are created. */
export interface FunctionDefinition {
  id: string;
  codeUri: string;
  inlineCode?: string;
  handler: string;
  /** False for a function that does not run on Node.js: its routes answer 502. */
  isRun: boolean;
  timeoutSeconds: number;
  memoryMb: number;
  /** `Metadata.BuildProperties` of a function that esbuild builds. */
  esbuild?: Properties;
  environment: Record<string, string>;
}

export interface StreamDefinition {
  /** The mapping's logical id, which SAM joins from those of function and event. */
  id: string;
  functionId: string;
  properties: Properties;
}

/** The parts of a SAM template that the runner runs. */
export interface Application {
  functions: FunctionDefinition[];
  routes: RouteDefinition[];
  streams: StreamDefinition[];
  triggers: TriggerDefinition[];
  /** By the HTTP API's logical id. */
  cors: Map<string, CorsDefinition>;
  /** The headers that a REST API adds to its own 401, by its logical id. */
  unauthorizedHeaders: Map<string, [string, string][]>;
  /** Logical ids of the SQS queues. */
  queues: string[];
  /** A sentence for each part of the template that the runner leaves out. */
  unsupported: string[];
}

/** Resources that have an effect in the cloud only, so they are left out without a word. */
const cloudOnly = /^AWS::(Logs|IAM|CloudWatch|SNS|KMS)::|^AWS::Lambda::Permission$|^AWS::SQS::QueuePolicy$/;

/** Besides tables, the resources that the runner makes before the functions. */
const madeBefore = /^AWS::Cognito::UserPool(Client|Group|User|UserToGroupAttachment)?$/;

/** The template, with the attributes of its tables and user pools that are already created. */
export class Template {
  /** Attributes of created resources, by `LogicalId.Attribute`. */
  readonly attributes = new Map<string, unknown>();
  /** The values of `Ref` for created resources whose name is not their logical id. */
  readonly references = new Map<string, string>();
  private readonly scope: Scope;

  constructor(
    private readonly raw: RawTemplate,
    private readonly path: string,
    overrides: Record<string, string>,
    region: string,
  ) {
    this.scope = createScope(
      raw,
      overrides,
      region,
      (resource, attribute) => this.attribute(resource, attribute, region),
      (resource) => this.references.get(resource),
    );
  }

  /** The tables. They are created first, as everything else may refer to them. @throws TemplateError */
  tables(): TableDefinition[] {
    return this.resources()
      .filter(([, { Type }]) => Type === 'AWS::DynamoDB::Table' || Type === 'AWS::Serverless::SimpleTable')
      .map(([id, { Type, Properties = {} }]) => {
        const properties = resolve(Properties, this.scope) as Properties;
        return {
          id,
          properties: Type === 'AWS::DynamoDB::Table' ? properties : tableOfSimpleTable(properties),
        };
      });
  }

  /** Resources of one type, with their references resolved as far as possible by now. @throws TemplateError */
  resourcesOf(type: string): { id: string; properties: Properties }[] {
    return this.resources()
      .filter(([, { Type }]) => Type === type)
      .map(([id, { Properties = {} }]) => ({
        id,
        properties: resolve(Properties, this.scope) as Properties,
      }));
  }

  /** Logical ids of the HTTP APIs, also of the one that SAM adds for events that name none. @throws TemplateError */
  httpApis(): string[] {
    const declared = this.resources().filter(([, { Type }]) => Type === 'AWS::Serverless::HttpApi');
    return [...declared.map(([id]) => id), 'ServerlessHttpApi'];
  }

  /**
   * Everything except the tables and user pools. Before those are created, only variables that refer to them are not
   * right yet, so that mistakes in the template are found early.
   * @throws TemplateError
   */
  application(): Application {
    const application: Application = {
      functions: [],
      routes: [],
      streams: [],
      triggers: [],
      cors: new Map(),
      unauthorizedHeaders: new Map(),
      queues: [],
      unsupported: [],
    };
    for (const [id, resource] of this.resources()) this.addResource(application, id, resource);
    // SAM adds these two for events that name no API.
    const implicit = {
      ServerlessRestApi: 'AWS::Serverless::Api',
      ServerlessHttpApi: 'AWS::Serverless::HttpApi',
    };
    for (const [id, Type] of Object.entries(implicit)) {
      if (application.routes.some(({ apiId }) => apiId === id)) this.addApi(application, id, { Type });
    }
    assertDistinct(application.routes);
    return application;
  }

  private addResource(application: Application, id: string, resource: RawResource): void {
    switch (resource.Type) {
      case 'AWS::DynamoDB::Table':
      case 'AWS::Serverless::SimpleTable':
        return;
      case 'AWS::Serverless::Function':
        this.addFunction(application, id, resource);
        return;
      case 'AWS::Serverless::HttpApi':
      case 'AWS::Serverless::Api':
        this.addApi(application, id, resource);
        return;
      case 'AWS::SQS::Queue':
        application.queues.push(id);
        return;
      default:
        if (madeBefore.test(resource.Type)) return;
        if (!cloudOnly.test(resource.Type))
          application.unsupported.push(`${id}: ${resource.Type} is not run.`);
    }
  }

  private addApi(application: Application, id: string, resource: RawResource): void {
    const isRest = resource.Type === 'AWS::Serverless::Api';
    const properties = this.withGlobals(isRest ? 'Api' : 'HttpApi', resource);
    if (!isRest && properties.CorsConfiguration) {
      application.cors.set(id, parseCors(properties.CorsConfiguration));
    }
    if (isRest) application.unauthorizedHeaders.set(id, parseUnauthorizedHeaders(properties));
    for (const what of leftOut(isRest ? 'rest' : 'http', properties))
      application.unsupported.push(`${id}: ${what}.`);
  }

  private addFunction(application: Application, id: string, resource: RawResource): void {
    const properties = this.withGlobals('Function', resource);
    const runtime = textProperty(properties, 'Runtime', '');
    const isRun = runtime.startsWith('nodejs') && properties.PackageType !== 'Image';
    if (!isRun) {
      application.unsupported.push(
        `${id}: runs on ${runtime || 'an image'}; only Node.js is run. Its routes answer 502.`,
      );
    }
    for (const name of ['Layers', 'VpcConfig', 'FileSystemConfigs'].filter((name) => name in properties)) {
      application.unsupported.push(`${id}: ${name} is left out.`);
    }
    const metadata = resolve(resource.Metadata ?? {}, this.scope) as Properties;
    const variables = (properties.Environment as { Variables?: Properties } | undefined)?.Variables ?? {};
    application.functions.push({
      id,
      codeUri: resolvePath(dirname(this.path), textProperty(properties, 'CodeUri', '.')),
      ...(typeof properties.InlineCode === 'string' ? { inlineCode: properties.InlineCode } : {}),
      handler: textProperty(properties, 'Handler', 'index.handler'),
      isRun,
      timeoutSeconds: numberProperty(properties, 'Timeout', 3, 1, 900),
      memoryMb: numberProperty(properties, 'MemorySize', 128, 128, 10_240),
      ...(metadata.BuildMethod === 'esbuild'
        ? { esbuild: (metadata.BuildProperties ?? {}) as Properties }
        : {}),
      environment: Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name, String(value)]),
      ),
    });
    const events = (properties.Events ?? {}) as Record<string, { Type: string; Properties?: Properties }>;
    for (const [name, event] of Object.entries(events)) this.addEvent(application, id, name, event);
  }

  private addEvent(
    application: Application,
    functionId: string,
    name: string,
    event: { Type: string; Properties?: Properties },
  ): void {
    const { Type, Properties: properties = {} } = event;
    if (Type === 'Api' || Type === 'HttpApi') {
      const route = this.route(functionId, Type, properties);
      application.routes.push(route);
      if (route.isClosed) {
        application.unsupported.push(
          `${route.method} ${route.path}: has an authorizer, which is not run, so it answers 401.`,
        );
      }
    } else if (Type === 'DynamoDB') {
      application.streams.push({ id: functionId + name, functionId, properties });
    } else if (Type === 'Cognito') {
      const userPoolId = textProperty(properties, 'UserPool', '');
      for (const trigger of listProperty(properties, 'Trigger')) {
        application.triggers.push({ userPoolId, trigger, functionId });
      }
    } else {
      application.unsupported.push(`${functionId}: the event ${name} (${Type}) is not run.`);
    }
  }

  private route(functionId: string, type: 'Api' | 'HttpApi', properties: Properties): RouteDefinition {
    const isRest = type === 'Api';
    const apiId = isRest
      ? textProperty(properties, 'RestApiId', 'ServerlessRestApi')
      : textProperty(properties, 'ApiId', 'ServerlessHttpApi');
    const api = this.raw.Resources?.[apiId];
    const apiProperties = this.withGlobals(type, api ?? { Type: type });
    const auth = {
      ...(apiProperties.Auth as Properties | undefined),
      ...(properties.Auth as Properties | undefined),
    };
    const name = textProperty(auth, 'Authorizer', textProperty(auth, 'DefaultAuthorizer', 'NONE'));
    const authorizer = isRest ? parseAuthorizer(auth, name) : undefined;
    return {
      api: isRest ? 'rest' : 'http',
      apiId,
      stage: textProperty(apiProperties, 'StageName', isRest ? 'Prod' : '$default'),
      method: textProperty(properties, 'Method', 'ANY').toUpperCase(),
      path: parsePath(textProperty(properties, 'Path', '$default')),
      functionId,
      isClosed: (name !== 'NONE' && !authorizer) || auth.ApiKeyRequired === true,
      ...(authorizer ? { authorizer } : {}),
    };
  }

  /** A resource's properties over those that `Globals` gives to all of its kind, as SAM merges them. */
  private withGlobals(kind: string, resource: RawResource): Properties {
    const merged = mergeProperties(this.raw.Globals?.[kind] ?? {}, resource.Properties ?? {});
    return resolve(merged, this.scope) as Properties;
  }

  private resources(): [string, RawResource][] {
    return Object.entries(this.raw.Resources ?? {}).filter(
      ([, { Condition }]) => Condition === undefined || this.scope.condition(Condition),
    );
  }

  private attribute(resource: string, attribute: string, region: string): unknown {
    const known = this.attributes.get(`${resource}.${attribute}`);
    if (known !== undefined) return known;
    const type = this.raw.Resources?.[resource]?.Type ?? '';
    if (attribute === 'StreamArn' && !this.raw.Resources?.[resource]?.Properties?.StreamSpecification)
      throw new TemplateError(`${resource} has no stream: give it a StreamSpecification.`);
    // For a resource that is not created here, or not yet: a value of the right form that leads nowhere.
    const service = /^AWS::(?:Serverless::)?(\w+)/.exec(type)?.[1]?.toLowerCase() ?? 'local';
    return attribute === 'Arn'
      ? `arn:aws:${service}:${region}:123456789012:${resource}`
      : `${resource}.${attribute}`;
  }
}

/** https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-simpletable.html */
function tableOfSimpleTable(properties: Properties): Properties {
  const key = (properties.PrimaryKey ?? { Name: 'id', Type: 'String' }) as { Name: string; Type: string };
  return {
    TableName: properties.TableName,
    KeySchema: [{ AttributeName: key.Name, KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: key.Name, AttributeType: key.Type.charAt(0) }],
  };
}
