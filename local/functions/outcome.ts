/** How an invocation ended. */
export type Outcome =
  | { ok: true; response: unknown; requestId: string }
  | {
      ok: false;
      requestId: string;
      /** A time-out becomes a 504, anything else a 502. */
      reason: 'threw' | 'exited' | 'timedOut' | 'notStarted';
      error: string;
      functionError: 'Unhandled';
    };

/** A message from the runner to an environment. */
export interface InvokeMessage {
  event: unknown;
  requestId: string;
  deadlineMs: number;
}

/** A message from an environment: it is ready, or it has an answer as JSON, or an error. */
export type EnvironmentMessage =
  { kind: 'ready' } | { kind: 'answer'; json: string } | { kind: 'error'; error: string };
