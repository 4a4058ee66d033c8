/** Quantities that were not measured. Each errs on the expensive side; docs/decisions/cost.md lists those that matter. */
export const assumptions = {
  /** 365 days divided by twelve. */
  daysPerMonth: 30.42,
  /** Visits spread evenly over this many tags, so a batch holds as many tags as possible. */
  tags: 100,
  /** A new on-demand table takes 4,000 writes a second, 1,000 a partition, and each partition has a shard. */
  shards: 4,
  /** MaximumBatchingWindowInSeconds in template.yaml. */
  windowSeconds: 1,
  /** BatchSize in template.yaml. */
  maxBatch: 1_000,
  /** Calls, invocations and writes that happen twice, for any reason. */
  repeatedShare: 0.01,
  /** MemorySize in template.yaml, and the memory at which Lambda allots one whole processor. */
  memoryMb: 256,
  memoryMbPerProcessor: 1_769,
  /**
   * DynamoDB's average latency is "in single-digit milliseconds" (https://repost.aws/knowledge-center/dynamodb-high-latency):
   * the largest of those, and twice that for a transaction.
   */
  latencyMs: 9,
  transactionLatencyMs: 18,
  /** How long Lambda keeps an idle environment. It promises nothing; five minutes and more are commonly observed. */
  keptSeconds: 300,
  /**
   * The least share of cold starts. AWS: "typically under 1 %"
   * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html).
   */
  minColdShare: 0.01,
  /** Bytes of headers that API Gateway adds to each answer. */
  gatewayHeaderBytes: 300,
  /** The compressed share of logs in storage, as in AWS's own pricing examples. Logs are kept for a month. */
  storedLogShare: 0.15,
  /** Lookups of a count a month. serverless-website-analytics assumes the same number of views. */
  lookups: 200,
  /** A year of days of all tags is kept. DynamoDB adds 100 bytes to each item. */
  daysKept: 365,
  bytesPerTag: 150 + 250,
  bytesPerTagAndDay: 2 * 160,
  /** FailedBatches, IteratorAge, Drift, ReconcileErrors in template.yaml. */
  alarms: 4,
  /** The Drift metric, sent in one hour a day. */
  metrics: 1 / 24,
  /** The time that reconcile waits between its two reads. */
  reconcileWaitMs: 5_000,
};
