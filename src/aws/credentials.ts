import { requireVariable } from './environment';

/** What a signature takes. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/**
 * The credentials that Lambda gives to a function, as they are now: whoever runs it may renew them. The SDK would look
 * into six other places as well, and bring the code for it.
 * @throws MissingEnvironmentVariableError
 */
export function readCredentials(): Credentials {
  const { AWS_SESSION_TOKEN: sessionToken } = process.env;
  return {
    accessKeyId: requireVariable('AWS_ACCESS_KEY_ID'),
    secretAccessKey: requireVariable('AWS_SECRET_ACCESS_KEY'),
    ...(sessionToken ? { sessionToken } : {}),
  };
}

/** The same for a client of the SDK: expired from the start, or it would keep the first ones. */
export function provideCredentials(): Promise<Credentials & { expiration: Date }> {
  return Promise.resolve({ ...readCredentials(), expiration: new Date(0) });
}
