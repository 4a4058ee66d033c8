/** A variable that the code reads is missing from the function in template.yaml. */
export class MissingVariableError extends Error {
  constructor(name: string) {
    super(`The environment variable ${name} is not set. Set it for the function in template.yaml.`);
  }
}

/** @throws MissingVariableError when the variable is absent or empty */
export function requireVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new MissingVariableError(name);
  return value;
}

/** The settings of all functions: the variable of each, and its type. */
const settings = {
  countsTable: text('TABLE_NAME'),
  totalsTable: text('TOTALS_TABLE_NAME'),
  daysTable: text('DAYS_TABLE_NAME'),
  changesTable: text('CHANGES_TABLE_NAME'),
  sessionsTable: text('SESSIONS_TABLE_NAME'),
  usersTable: text('USERS_TABLE_NAME'),
  accessLogTable: text('ACCESS_LOG_TABLE_NAME'),
  /** How many calls of `GET /hello` are kept. */
  accessLogKeep: () => Number.parseInt(requireVariable('ACCESS_LOG_KEEP'), 10),
  /** Prefixes of the tags that are counted; `*` allows every tag. */
  allowedTags: list('ALLOWED_TAGS'),
  /** Origins of the pages that may count and read; `*` allows every origin. */
  allowedOrigins: list('ALLOWED_ORIGINS'),
  /** Whether everybody may list all tags. */
  publicList: () => requireVariable('PUBLIC_LIST') === 'true',
  /** The beacon API's address; empty under `sam local`, where both APIs have one address and paths suffice. */
  beaconEndpoint: optionalText('PAGE_ENDPOINT'),
  userPoolId: text('USER_POOL_ID'),
  userPoolClientId: text('USER_POOL_CLIENT_ID'),
  /** The issuer in the user pool's tokens; empty under `sam local`, where nobody can sign in. */
  userPoolIssuer: optionalText('USER_POOL_ISSUER'),
  /** The user that `npm start` creates. template.yaml does not declare these variables. */
  demoEmail: optionalText('DEMO_EMAIL'),
  demoPassword: optionalText('DEMO_PASSWORD'),
};

/** The settings by name, with the types that their readers return. */
export type Settings = { readonly [Name in keyof typeof settings]: ReturnType<(typeof settings)[Name]> };

/**
 * Reads a function's settings from its environment. A handler calls it once, while it loads.
 * @throws MissingVariableError
 */
export function readSettings<Name extends keyof Settings>(...names: Name[]): Pick<Settings, Name> {
  return Object.fromEntries(names.map((name) => [name, settings[name]()])) as Pick<Settings, Name>;
}

function text(variable: string): () => string {
  return () => requireVariable(variable);
}

function optionalText(variable: string): () => string {
  return () => process.env[variable] ?? '';
}

/** CloudFormation joins a `CommaDelimitedList` with commas. */
function list(variable: string): () => string[] {
  return () =>
    (process.env[variable] ?? '')
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
}
