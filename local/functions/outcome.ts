/** How an invocation ended. */
export type Outcome =
  | { ok: true; response: unknown; requestId: string }
  | {
      ok: false;
      requestId: string;
      /** What API Gateway makes of it: a time-out is a 504, anything else a 502. */
      reason: 'threw' | 'exited' | 'timedOut' | 'notStarted';
      error: string;
      functionError: 'Unhandled';
    };

/** What the runner sends into an environment. */
export interface InvokeMessage {
  event: unknown;
  requestId: string;
  deadlineMs: number;
}

/** What an environment sends back: it is ready, or it has an answer as JSON, or an error. */
export type EnvironmentMessage =
  { kind: 'ready' } | { kind: 'answer'; json: string } | { kind: 'error'; error: string };
