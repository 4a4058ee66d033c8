/** Limits of one attempt, in milliseconds. */
export interface Timeouts {
  connectionMs: number;
  /** From the call to the end of its answer. With the SDK's handler: to the headers, then between two parts of the body. */
  answerMs: number;
}

/** DynamoDB answers in a few milliseconds; these limits end calls that hang. */
export const tableTimeouts: Timeouts = { connectionMs: 1_000, answerMs: 2_000 };

/**
 * How long a socket may be idle before it is closed instead of used. Lambda freezes a function between calls and drops
 * idle connections, which a function notices only when it sends something.
 * https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html (keep-alive)
 */
export const maxIdleMs = 10_000;

/** The SDK's own limit; further calls wait for a socket. */
export const maxSockets = 50;
