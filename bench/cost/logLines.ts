/**
 * Lines that Lambda writes to the log with JSON logs and the default system log level, INFO.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 */
const requestId = '6d68ca91-49c9-448d-89b8-7ca3e6dc66aa';
const runtime = `arn:aws:lambda:us-east-1::runtime:${'0'.repeat(64)}`;
const start = `{"time":"2026-11-21T14:00:00.000Z","type":"platform.start","record":{"requestId":"${requestId}","version":"$LATEST"}}`;
const report =
  `{"time":"2026-11-21T14:00:00.030Z","type":"platform.report","record":{"requestId":"${requestId}","metrics":{"durationMs":29.402,` +
  '"billedDurationMs":30,"memorySizeMB":256,"maxMemoryUsedMB":104},"status":"success"}}';
const initStart =
  '{"time":"2026-11-21T13:59:59.000Z","type":"platform.initStart","record":{"initializationType":"on-demand","phase":"init",' +
  `"runtimeVersion":"nodejs:24.v12","runtimeVersionArn":"${runtime}",` +
  '"functionName":"footfall-RecordVisitFunction-1A2B3C4D5E6F","functionVersion":"$LATEST"}}';

/** CloudWatch Logs charges this many bytes for each line in addition to its text. */
const lineOverheadBytes = 26;

/** Bytes of the two lines of each invocation. */
export const invocationLogBytes = start.length + report.length + 2 * lineOverheadBytes;
/** Bytes of the further line of an invocation that starts an environment. */
export const startLogBytes = initStart.length + lineOverheadBytes;
