import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { CloudAccess } from '../local/functions/variables';
import { endWithUs } from '../local/engine/processes';
import type { ProbeResult, ProbeTask } from './probe';
import type { Subject } from './subjects';

export type HowMuch = Pick<ProbeTask, 'calls' | 'warmUpCalls' | 'limitMs' | 'looksAtHeap'>;

/** The process that a handler is measured in. */
export interface ProbeProcess {
  /** The built probe.ts. */
  file: string;
  /** Options of Node.js, such as those that Lambda starts it with. */
  nodeOptions: string[];
  /** What it trusts beside the usual authorities, for the null engine by TLS. */
  certificateFile?: string;
}

/** Measures one handler in a fresh Node.js process. */
export async function runProbe(
  { file, nodeOptions, certificateFile }: ProbeProcess,
  subject: Subject,
  access: CloudAccess,
  much: HowMuch,
): Promise<ProbeResult> {
  const trust = certificateFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: certificateFile };
  const child = fork(file, {
    env: { ...subject.variables(access), ...trust },
    execArgv: nodeOptions,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  endWithUs(child);
  let complaint = '';
  child.stderr
    ?.setEncoding('utf8')
    .on('data', (text: string) => (complaint = (complaint + text).slice(-2_000)));
  const exited = once(child, 'exit');
  const task: ProbeTask = {
    handlerFile: subject.handlerFile,
    exportName: subject.exportName,
    event: subject.event,
    ...much,
  };
  child.send(task);
  const answered = once(child, 'message').then(([result]) => result as ProbeResult);
  const result = await Promise.race([answered, exited.then(() => undefined)]);
  if (!result) throw new Error(`The process that measured ${subject.name} ended: ${complaint}`);
  child.kill('SIGKILL');
  await exited;
  return result;
}
