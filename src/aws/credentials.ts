import { requireVariable } from './environment';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/**
 * Reads Lambda's credentials. Call it for each request, because a local runner may renew them. The SDK's own chain looks
 * in six more places and takes a third of a bundle.
 * @throws MissingVariableError
 */
export function readCredentials(): Credentials {
  const { AWS_SESSION_TOKEN: sessionToken } = process.env;
  return {
    accessKeyId: requireVariable('AWS_ACCESS_KEY_ID'),
    secretAccessKey: requireVariable('AWS_SECRET_ACCESS_KEY'),
    ...(sessionToken ? { sessionToken } : {}),
  };
}

/** Provides these credentials to an SDK client. They are marked as expired, so the client reads them for each call. */
export function provideCredentials(): Promise<Credentials & { expiration: Date }> {
  return Promise.resolve({ ...readCredentials(), expiration: new Date(0) });
}
