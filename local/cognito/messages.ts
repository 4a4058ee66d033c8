/** The logical id of the function, by pool id and trigger name. */
export type PoolTriggers = Record<string, Record<string, string>>;

/** The fields of a trigger's event that the runner reads. */
export interface TriggerEvent {
  version: string;
  region: string;
  userPoolId: string;
  response: unknown;
}

/** A message from the runner to cognito-local's process. */
export type ToCognito =
  | { kind: 'triggers'; triggers: PoolTriggers }
  | { kind: 'answer'; id: string; response?: unknown; error?: string };

/** A message from cognito-local's process: it is ready, or a trigger has to run. */
export type FromCognito =
  { kind: 'ready' } | { kind: 'trigger'; id: string; functionId: string; event: TriggerEvent };
