import { dirname } from 'node:path';
import type { FunctionDefinition } from '../template/application';
import type { Bundle } from './bundle';

/** How functions reach DynamoDB and, where the template has a user pool, Cognito. */
export interface CloudAccess {
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  endpoint: string;
  cognitoEndpoint?: string;
}

/**
 * The whole environment of a function's process: the variables of the template and those that Lambda adds.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function functionVariables(
  { id, handler, memoryMb, environment }: FunctionDefinition,
  { handlerFile, hasSourceMap }: Bundle,
  { region, credentials, endpoint, cognitoEndpoint }: CloudAccess,
): Record<string, string> {
  const nodeOptions = [environment.NODE_OPTIONS, hasSourceMap ? '--enable-source-maps' : undefined];
  return {
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    // The SDK warns at every start that it will need a newer Node.js, which the cloud has.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...environment,
    NODE_OPTIONS: nodeOptions.filter((option) => option !== undefined).join(' '),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    ...(cognitoEndpoint === undefined ? {} : { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: cognitoEndpoint }),
    AWS_LAMBDA_FUNCTION_NAME: id,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${id}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: dirname(handlerFile),
    _HANDLER: handler,
  };
}
