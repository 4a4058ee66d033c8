/** What nobody measured. Each errs to the dear side; docs/decisions/cost.md says which matter. */
export const assumptions = {
  /** 365 days by twelve. */
  daysPerMonth: 30.42,
  /** Tags that visits spread over evenly, which makes batches hold as many tags as they can. */
  tags: 100,
  /** A new table on demand takes 4,000 writes a second, 1,000 a partition, and each partition has a shard. */
  shards: 4,
  /** MaximumBatchingWindowInSeconds in template.yaml. */
  windowSeconds: 1,
  /** BatchSize in template.yaml. */
  maxBatch: 1_000,
  /** Calls, invocations and writes that come twice, for whatever reason. */
  repeatedShare: 0.01,
  /** MemorySize in template.yaml, and the memory at which Lambda gives one processor. */
  memoryMb: 256,
  memoryMbPerProcessor: 1_769,
  /**
   * DynamoDB's average is "in single-digit milliseconds" (https://repost.aws/knowledge-center/dynamodb-high-latency): the
   * largest of them; a transaction is taken for twice that.
   */
  latencyMs: 9,
  transactionLatencyMs: 18,
  /** An environment is kept this long without a call. Lambda promises nothing; five minutes and more are commonly seen. */
  keptSeconds: 300,
  /** At any rate. AWS: "typically under 1 %" (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html). */
  coldShareAtLeast: 0.01,
  /** Bytes of headers that API Gateway adds to each answer. */
  gatewayHeaderBytes: 300,
  /** What is left of logs that are stored, as in AWS's own examples of prices; they are kept a month. */
  storedLogShare: 0.15,
  /** Looks at a count, for each month: what the system compared with reckons. */
  looks: 200,
  /** A year of days of all tags is kept. DynamoDB adds 100 bytes to each item. */
  daysKept: 365,
  bytesPerTag: 150 + 250,
  bytesPerTagAndDay: 2 * 160,
  /** FailedBatches, IteratorAge, Drift, ReconcileErrors in template.yaml. */
  alarms: 4,
  /** Drift, sent in one hour a day. */
  metrics: 1 / 24,
  /** reconcile waits between its two looks. */
  reconcileWaitMs: 5_000,
};
