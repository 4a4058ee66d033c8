/** How long one attempt may take, in milliseconds. */
export interface Timeouts {
  connectionMs: number;
  /** From the call to the end of its answer, with the time that it waits for a connection. */
  answerMs: number;
}

/** DynamoDB answers in a few milliseconds; these only end what hangs. */
export const tableTimeouts: Timeouts = { connectionMs: 1_000, answerMs: 2_000 };

/** The first attempt and its repetitions. */
export const maxAttempts = 3;
