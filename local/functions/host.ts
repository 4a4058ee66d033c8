import { availableParallelism } from 'node:os';
import type { Report } from '../report';
import type { FunctionDefinition } from '../template/application';
import {
  assertBuilt,
  bootstrapFile,
  bootstrapTask,
  groupByFailure,
  planBundle,
  type BundlePlan,
} from './bundle';
import { BundleBuilder, type BundleTask } from './bundleBuilder';
import type { Outcome } from './outcome';
import { createPool, type FunctionPool } from './pool';
import type { CloudAccess } from './variables';
import { FileWatch } from './watch';

/** More environments would only take processor time from each other, as the engine runs on the same machine. */
const maxEnvironmentsPerFunction = Math.max(4, 2 * availableParallelism());

/** The functions of a template: their bundles, and the pools of processes that run them. */
export class FunctionHost {
  private readonly builder: BundleBuilder;
  private readonly plans = new Map<string, BundlePlan>();
  private readonly pools = new Map<string, FunctionPool>();
  private watch: FileWatch | undefined;
  private rebuilding = Promise.resolve();
  private isStopped = false;

  /** @param folder where the bundles go */
  constructor(
    private readonly folder: string,
    private readonly report: Report,
  ) {
    this.builder = new BundleBuilder(folder);
  }

  /**
   * Builds the bundles that are missing or outdated.
   * @throws BuildError, TemplateError
   */
  async build(definitions: FunctionDefinition[]): Promise<void> {
    for (const definition of definitions)
      if (definition.isRun) this.plans.set(definition.id, planBundle(definition, this.folder));
    const outdated = this.builder.findOutdated([bootstrapTask, ...this.tasks()]);
    const count = outdated.filter((task) => task !== bootstrapTask).length;
    if (count > 0) this.report.print(`Building ${count === 1 ? '1 function' : `${count} functions`} …`);
    assertBuilt(await this.builder.build(outdated));
  }

  /** Makes a pool for each function that was built, and follows the sources from now on. */
  start(definitions: FunctionDefinition[], access: CloudAccess): void {
    for (const definition of definitions) {
      const { id } = definition;
      const plan = this.plans.get(id);
      if (!plan) continue;
      const log = (line: string) => {
        this.report.print(`${id} | ${line}`);
      };
      const bootstrap = bootstrapFile(this.folder);
      this.pools.set(
        id,
        createPool(definition, plan.bundle, bootstrap, access, maxEnvironmentsPerFunction, log),
      );
      this.report.detail(`  function   ${id}`);
    }
    this.watch = new FileWatch((changed) => {
      this.rebuilding = this.rebuilding.then(() => this.rebuild(changed));
    });
    this.followSources();
  }

  /** Starts one environment of each function, one after the other, so that first requests need not wait for it. */
  async warm(): Promise<void> {
    for (const [id, pool] of this.pools) {
      if (this.isStopped) return;
      const failure = await pool.warm();
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the stop may have come meanwhile
      if (failure !== undefined && !this.isStopped) this.report.print(`${id} does not start: ${failure}`);
    }
  }

  async invoke(functionId: string, event: unknown, onLog?: (line: string) => void): Promise<Outcome> {
    const pool = this.pools.get(functionId);
    if (pool) return pool.invoke(event, onLog);
    const error = `The template has no function ${functionId} that runs here.`;
    return { ok: false, reason: 'notStarted', error, functionError: 'Unhandled', requestId: '' };
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.watch?.stop();
    await this.rebuilding;
    await Promise.all([...this.pools.values()].map((pool) => pool.stop()));
  }

  private tasks(): BundleTask[] {
    return [...this.plans.values()].flatMap(({ task }) => task ?? []);
  }

  private followSources(): void {
    this.watch?.follow(this.tasks().flatMap(({ name }) => this.builder.sources.get(name) ?? []));
  }

  private async rebuild(changed: string[]): Promise<void> {
    const isAffected = ({ name }: BundleTask) =>
      this.builder.sources.get(name)?.some((source) => changed.includes(source));
    const tasks = this.tasks().filter(isAffected);
    const failures = await this.builder.build(tasks);
    if (this.isStopped) return;
    for (const [failure, names] of groupByFailure(failures)) {
      this.report.print(
        `${listNames(names)}: the change does not compile, so the old code stays.\n${failure}`,
      );
    }
    const rebuilt = tasks.map(({ name }) => name).filter((name) => !failures.has(name));
    await Promise.all(rebuilt.flatMap((name) => this.pools.get(name)?.reload() ?? []));
    if (rebuilt.length) this.report.print(`Reloaded ${listNames(rebuilt)}.`);
    this.followSources();
  }
}

/** A few names, or how many there are: a shared file is part of every function. */
function listNames(names: string[]): string {
  return names.length > 3 ? `${names.length} functions` : names.join(', ');
}
