import { setTimeout as delay } from 'node:timers/promises';
import { startEngine, type Engine } from './engine';

/** Starts the engine, and starts it anew at the same address whenever it ends by itself. */
export async function startLastingEngine(
  database: string,
  print: (line: string) => void,
  started: (() => Promise<void>)[],
): Promise<string> {
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
          await delay(1_000);
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
