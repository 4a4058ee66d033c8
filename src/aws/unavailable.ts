/** The table did not answer, or said that it cannot now. The cause is for the log alone. */
export class TableUnavailableError extends Error {
  constructor(cause: unknown) {
    super('The table is not available now.', { cause });
  }
}
