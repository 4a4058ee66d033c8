/** One value of a CloudWatch metric. */
export interface Metric {
  name: string;
  value: number;
  timeMs: number;
  functionName: string;
}

/**
 * Formats a line in CloudWatch's embedded metric format: namespace Footfall, dimension FunctionName. Write it to stdout:
 * with JSON logs, Lambda wraps what `console` prints, and CloudWatch would find no metric.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function formatMetric({ name, value, timeMs, functionName }: Metric): string {
  const definition = {
    Namespace: 'Footfall',
    Dimensions: [['FunctionName']],
    Metrics: [{ Name: name, Unit: 'Count' }],
  };
  const line = { _aws: { Timestamp: timeMs, CloudWatchMetrics: [definition] }, FunctionName: functionName };
  return `${JSON.stringify({ ...line, [name]: value })}\n`;
}
