import { setTimeout as delay } from 'node:timers/promises';
import type { Report } from '../report';
import { startEngine, type Engine } from './engine';
import { indexStream } from './streamIndex';

const restartPauseMs = 1_000;

/** Starts the engine, and starts it again at the same address whenever it ends by itself. */
export async function startSupervisedEngine(
  database: string,
  { print, detail }: Report,
  started: (() => Promise<void>)[],
): Promise<string> {
  const problem = await indexStream(database);
  if (problem !== undefined) detail(problem);
  let engine = await startEngine(database);
  let isStopped = false;
  const replaceWhenFailed = (failing: Engine) => {
    void failing.failed.then(async (reason) => {
      print(`${reason} It is started again.`);
      while (!isStopped) {
        try {
          engine = await startEngine(database, failing.port);
          // The stop may have come while it started.
          // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it is set elsewhere
          if (isStopped) await engine.stop();
          else replaceWhenFailed(engine);
          return;
        } catch (error) {
          print(String(error));
          await delay(restartPauseMs);
        }
      }
    });
  };
  replaceWhenFailed(engine);
  started.push(async () => {
    isStopped = true;
    await engine.stop();
  });
  return engine.endpoint;
}
