/** Runs in its own process: sends visits to the beacon API and records when each was answered. */
import autocannon, { type Options } from 'autocannon';

export interface LoadTask {
  url: string;
  connections: number;
  seconds: number;
  /** Visits a second over all connections. Without it, each connection sends its next visit after an answer. */
  rate?: number;
  tags: number;
}

export interface LoadResult {
  visitsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Connection errors, timeouts and statuses other than 2xx. */
  failures: number;
  /** When each visit was answered, in milliseconds since 1970, in order. */
  answeredAtMs: number[];
}

process.on('message', (task) => {
  void load(task as LoadTask).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit());

function load({ url, connections, seconds, rate, tags }: LoadTask): Promise<LoadResult> {
  const answeredAtMs: number[] = [];
  const options: Options = {
    url,
    connections,
    duration: seconds,
    ...(rate === undefined ? {} : { overallRate: rate }),
    requests: Array.from({ length: tags }, (_, tag) => ({ method: 'POST', path: `/visits?tag=page/${tag}` })),
  };
  return new Promise((resolve, reject) => {
    const running = autocannon(options, (error: Error | null, { duration, latency, errors, non2xx }) => {
      if (error) reject(error);
      resolve({
        visitsPerSecond: answeredAtMs.length / duration,
        p50Ms: latency.p50,
        p99Ms: latency.p99,
        failures: errors + non2xx,
        answeredAtMs,
      });
    });
    running.on('response', (_client, status) => {
      if (status === 204) answeredAtMs.push(performance.timeOrigin + performance.now());
    });
  });
}
