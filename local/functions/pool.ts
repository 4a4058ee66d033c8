import { randomUUID } from 'node:crypto';
import type { FunctionDefinition } from '../template/application';
import type { Bundle } from './bundle';
import { Environment, type EnvironmentOptions } from './environment';
import type { Outcome } from './outcome';
import { functionVariables, type CloudAccess } from './variables';

/**
 * The environments of one function. Lambda adds one whenever all are busy. On one machine, more than a few only take
 * processor time from each other, so further events wait.
 */
export class FunctionPool {
  private environments = new Set<Environment>();
  private idle: Environment[] = [];
  private waiting: ((environment: Environment) => void)[] = [];
  private isStopped = false;

  constructor(
    private readonly options: () => EnvironmentOptions,
    private readonly maxEnvironments: number,
  ) {}

  /**
   * Starts one environment ahead of the first event, unless there is one.
   * @returns the reason why the handler cannot be loaded
   */
  async warm(): Promise<string | undefined> {
    if (this.isStopped || this.environments.size > 0) return undefined;
    const environment = this.start();
    const failure = await environment.started;
    this.release(environment);
    return failure?.error;
  }

  async invoke(event: unknown, onLog?: (line: string) => void): Promise<Outcome> {
    const requestId = randomUUID();
    const environment = await this.acquire();
    try {
      const failure = await environment.started;
      if (failure) return { ...failure, requestId };
      return await environment.invoke(event, requestId, onLog);
    } finally {
      this.release(environment);
    }
  }

  /** Replaces the environments after a change of the code: idle ones now, busy ones after their event. */
  async reload(): Promise<void> {
    const { idle } = this;
    this.idle = [];
    for (const environment of this.environments) environment.isAlive = false;
    await Promise.all(idle.map((environment) => this.remove(environment)));
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await Promise.all([...this.environments].map((environment) => this.remove(environment)));
  }

  private acquire(): Promise<Environment> {
    const environment = this.idle.pop();
    if (environment?.isAlive) return Promise.resolve(environment);
    if (environment) void this.remove(environment);
    if (this.environments.size < this.maxEnvironments) return Promise.resolve(this.start());
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private release(environment: Environment): void {
    if (environment.isAlive) {
      const next = this.waiting.shift();
      if (next) next(environment);
      else this.idle.push(environment);
      return;
    }
    void this.remove(environment);
    const next = this.isStopped ? undefined : this.waiting.shift();
    if (next) next(this.start());
  }

  private start(): Environment {
    const environment = new Environment(this.options());
    this.environments.add(environment);
    return environment;
  }

  private async remove(environment: Environment): Promise<void> {
    this.environments.delete(environment);
    await environment.stop();
  }
}

/**
 * The pool of a function of the template.
 * @param log receives each line that the function writes to its output
 */
export function createPool(
  definition: FunctionDefinition,
  bundle: Bundle,
  bootstrapFile: string,
  access: CloudAccess,
  maxEnvironments: number,
  log: (line: string) => void,
): FunctionPool {
  const { memoryMb, timeoutSeconds } = definition;
  const { handlerFile, exportName } = bundle;
  const variables = functionVariables(definition, bundle, access);
  return new FunctionPool(
    () => ({ bootstrapFile, handlerFile, exportName, memoryMb, timeoutSeconds, variables, log }),
    maxEnvironments,
  );
}
