/** The table did not answer, or said that it cannot now. The cause is for the log alone. */
export class TableUnavailableError extends Error {
  constructor(cause: unknown) {
    super('The table is not available now.', { cause });
  }
}

/** Cognito did not answer, or said that it cannot now. The cause is for the log alone. */
export class CognitoUnavailableError extends Error {
  constructor(cause: unknown) {
    super('Cognito is not available now.', { cause });
  }
}
