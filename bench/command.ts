import { parseArgs, type ParseArgsConfig } from 'node:util';
import { endAll } from '../tests/support/cleanup';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<Named extends Options> = ReturnType<typeof parseArgs<{ options: Named }>>['values'];

/** A mistake in the command line. */
export class UsageError extends Error {}

const startMs = Date.now();

/** Prints a line about work under way, with the minutes and seconds so far. stdout stays free for results. */
export function printProgress(line: string): void {
  const seconds = Math.floor((Date.now() - startMs) / 1_000);
  process.stderr.write(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} ${line}\n`);
}

/** Runs a command with its options, or prints its help. Whatever `endLater` was given ends with it. */
export function runCommand<Named extends Options>(
  help: string,
  options: Named,
  run: (values: Values<Named>) => Promise<void> | void,
): void {
  // Otherwise the SDK prints at each start that it will require a newer Node.js.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  if (process.argv.includes('--help')) {
    process.stdout.write(help);
    return;
  }
  Promise.resolve()
    .then(() => run(parseOptions(options)))
    .finally(endAll)
    .catch((error: unknown) => {
      console.error(error instanceof UsageError ? `${error.message}\n--help lists the options.` : error);
      process.exitCode = 1;
    });
}

function parseOptions<Named extends Options>(options: Named): Values<Named> {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
