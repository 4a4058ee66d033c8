import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { CloudAccess } from '../local/functions/variables';
import { endWithUs } from '../local/engine/processes';
import type { ProbeResult, ProbeTask } from './probe';
import type { Subject } from './subjects';

export type Effort = Pick<ProbeTask, 'calls' | 'warmUpCalls' | 'limitMs' | 'looksAtHeap'>;

/** The process in which a handler is measured. */
export interface ProbeProcess {
  /** The built probe.ts. */
  file: string;
  /** Options of Node.js, such as those that Lambda uses. */
  nodeOptions: string[];
  /** A certificate to trust in addition to the usual authorities, for the null engine over TLS. */
  certificateFile?: string;
}

/** Measures one handler in a fresh Node.js process. */
export async function runProbe(
  { file, nodeOptions, certificateFile }: ProbeProcess,
  subject: Subject,
  access: CloudAccess,
  effort: Effort,
): Promise<ProbeResult> {
  const trust = certificateFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: certificateFile };
  const child = fork(file, {
    env: { ...subject.variables(access), ...trust },
    execArgv: nodeOptions,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  endWithUs(child);
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-2_000)));
  const exited = once(child, 'exit');
  const task: ProbeTask = {
    handlerFile: subject.handlerFile,
    exportName: subject.exportName,
    events: subject.events,
    ...effort,
  };
  child.send(task);
  const answered = once(child, 'message').then(([result]) => result as ProbeResult);
  const result = await Promise.race([answered, exited.then(() => undefined)]);
  if (!result) throw new Error(`The process that measured ${subject.name} ended early: ${errors}`);
  child.kill('SIGKILL');
  await exited;
  return result;
}
