import { fork, type ChildProcess } from 'node:child_process';
import { endWithUs } from '../engine/processes';
import type { EnvironmentMessage, InvokeMessage, Outcome } from './outcome';

/** The settings of an environment. */
export interface EnvironmentOptions {
  bootstrapFile: string;
  handlerFile: string;
  exportName: string;
  memoryMb: number;
  timeoutSeconds: number;
  /** The process's whole environment. */
  variables: Record<string, string>;
  /** Receives each line that the handler writes to its output. */
  log: (line: string) => void;
}

/** Lambda's own limit for loading a function. */
const initTimeoutMs = 10_000;

type Failure = Omit<Outcome & { ok: false }, 'requestId'>;
type Answer = { ok: true; response: unknown } | Failure;

/** One process of one function. It answers one event at a time, as a Lambda environment does. */
export class Environment {
  private readonly child: ChildProcess;
  private settle: ((answer: Answer) => void) | undefined;
  private onLog: ((line: string) => void) | undefined;
  /** Resolves once the handler is loaded, or with the reason why it cannot be loaded. */
  readonly started: Promise<Failure | undefined>;
  isAlive = true;

  constructor(private readonly options: EnvironmentOptions) {
    this.child = fork(options.bootstrapFile, [options.handlerFile, options.exportName], {
      env: options.variables,
      execArgv: [`--max-old-space-size=${options.memoryMb}`],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // In a group of its own, so that Ctrl-C reaches the runner alone, which waits for running invocations.
      detached: true,
    });
    endWithUs(this.child);
    for (const output of [this.child.stdout, this.child.stderr]) {
      output?.setEncoding('utf8').on('data', (text: string) => {
        for (const line of text.trimEnd().split('\n')) {
          options.log(line);
          this.onLog?.(line);
        }
      });
    }
    this.child.on('message', (message: EnvironmentMessage) => {
      this.receive(message);
    });
    // A channel that closes while a message is sent is also reported by 'exit'.
    this.child.on('error', (error) => {
      this.end({ ok: false, reason: 'exited', error: error.message, functionError: 'Unhandled' });
    });
    this.child.on('exit', (code, signal) => {
      const how = signal ?? `exit code ${String(code)}`;
      this.end({
        ok: false,
        reason: 'exited',
        error: `The process ended: ${how}.`,
        functionError: 'Unhandled',
      });
    });
    this.started = this.wait(initTimeoutMs).then((answer) => {
      if (answer.ok) return undefined;
      this.isAlive = false;
      void this.stop();
      return { ...answer, reason: answer.reason === 'threw' ? 'notStarted' : answer.reason };
    });
  }

  /**
   * Invokes the handler with one event. A process that times out is killed, as it may be in an endless loop.
   * @param onLog receives the lines that the handler writes meanwhile
   */
  async invoke(event: unknown, requestId: string, onLog?: (line: string) => void): Promise<Outcome> {
    const timeoutMs = this.options.timeoutSeconds * 1_000;
    const message: InvokeMessage = { event, requestId, deadlineMs: Date.now() + timeoutMs };
    if (!this.isAlive) {
      return {
        ok: false,
        reason: 'exited',
        error: 'The process of the function has ended.',
        functionError: 'Unhandled',
        requestId,
      };
    }
    const answer = this.wait(timeoutMs);
    this.onLog = onLog;
    this.child.send(message);
    const outcome = { ...(await answer), requestId };
    this.onLog = undefined;
    return outcome;
  }

  /** Ends the process at once. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await exited;
  }

  private wait(timeoutMs: number): Promise<Answer> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        const error = `Task timed out after ${(timeoutMs / 1_000).toFixed(2)} seconds`;
        this.end({ ok: false, reason: 'timedOut', error, functionError: 'Unhandled' });
        void this.stop();
      }, timeoutMs);
      this.settle = (answer) => {
        clearTimeout(timer);
        this.settle = undefined;
        resolve(answer);
      };
    });
  }

  private receive(message: EnvironmentMessage): void {
    if (message.kind === 'ready') this.settle?.({ ok: true, response: undefined });
    else if (message.kind === 'answer') this.settle?.({ ok: true, response: JSON.parse(message.json) });
    else this.settle?.({ ok: false, reason: 'threw', error: message.error, functionError: 'Unhandled' });
  }

  private end(answer: Answer): void {
    this.isAlive = false;
    this.settle?.(answer);
  }
}
