/** Thrown when the template does not give a function a variable that its code reads. */
export class MissingEnvironmentVariableError extends Error {
  constructor(name: string) {
    super(`The environment variable ${name} is not set. template.yaml gives it to the function.`);
  }
}

/**
 * Reads a variable that the template must give.
 * @throws MissingEnvironmentVariableError when it is absent or empty
 */
export function requireVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new MissingEnvironmentVariableError(name);
  return value;
}

/** Reads a variable that may be empty. */
export function optionalVariable(name: string): string {
  return process.env[name] ?? '';
}

/**
 * Reads a whole number, as the template checks it.
 * @throws MissingEnvironmentVariableError when it is absent or empty
 */
export function integerVariable(name: string): number {
  return Number.parseInt(requireVariable(name), 10);
}

/** Reads a comma-separated list, as CloudFormation joins a `CommaDelimitedList`; empty entries are dropped. */
export function listVariable(name: string): string[] {
  return (process.env[name] ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
