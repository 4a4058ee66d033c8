/** By the pool's id, then by the trigger's name, the logical id of the function. */
export type PoolTriggers = Record<string, Record<string, string>>;

/** What a trigger's function gets, as far as the runner looks into it. */
export interface TriggerEvent {
  version: string;
  region: string;
  userPoolId: string;
  response: unknown;
}

/** What the runner sends to cognito-local's process. */
export type ToCognito =
  | { kind: 'triggers'; triggers: PoolTriggers }
  | { kind: 'answer'; id: string; response?: unknown; error?: string };

/** What comes back: it is ready, or a trigger is to be run. */
export type FromCognito =
  { kind: 'ready' } | { kind: 'trigger'; id: string; functionId: string; event: TriggerEvent };
