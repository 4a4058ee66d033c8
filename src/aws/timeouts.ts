/** How long one attempt may take, in milliseconds. DynamoDB answers in a few; these only end what hangs. */
export const timeouts = { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true };

/** The first attempt and its repetitions. */
export const maxAttempts = 3;
