/**
 * What Lambda itself writes of each invocation when logs are JSON and the system's level is INFO, as it is by default.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
export const invocationLines = [
  {
    time: '2026-11-21T14:00:00.000Z',
    type: 'platform.start',
    record: { requestId: '6d68ca91-49c9-448d-89b8-7ca3e6dc66aa', version: '$LATEST' },
  },
  {
    time: '2026-11-21T14:00:00.030Z',
    type: 'platform.report',
    record: {
      requestId: '6d68ca91-49c9-448d-89b8-7ca3e6dc66aa',
      metrics: { durationMs: 29.402, billedDurationMs: 30, memorySizeMB: 256, maxMemoryUsedMB: 104 },
      status: 'success',
    },
  },
];

/** And of each environment that starts. */
export const startLines = [
  {
    time: '2026-11-21T13:59:59.000Z',
    type: 'platform.initStart',
    record: {
      initializationType: 'on-demand',
      phase: 'init',
      runtimeVersion: 'nodejs:24.v12',
      runtimeVersionArn: `arn:aws:lambda:us-east-1::runtime:${'0'.repeat(64)}`,
      functionName: 'footfall-RecordVisitFunction-1A2B3C4D5E6F',
      functionVersion: '$LATEST',
    },
  },
];

/** CloudWatch adds this to each line that it stores. */
const lineOverhead = 26;

export function countLogBytes(lines: readonly unknown[]): number {
  return lines.reduce<number>((sum, line) => sum + Buffer.byteLength(JSON.stringify(line)) + lineOverhead, 0);
}
