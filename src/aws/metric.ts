/** One value in CloudWatch's embedded metric format. */
export interface MetricLine {
  name: string;
  value: number;
  timeMs: number;
  functionName: string;
}

/**
 * The line by which CloudWatch makes a metric of the namespace Footfall, with the dimension FunctionName.
 * It goes to stdout as it is: with JSON logs, Lambda would wrap what `console` prints and no metric would come of it.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function formatMetric({ name, value, timeMs, functionName }: MetricLine): string {
  const definition = {
    Namespace: 'Footfall',
    Dimensions: [['FunctionName']],
    Metrics: [{ Name: name, Unit: 'Count' }],
  };
  const line = { _aws: { Timestamp: timeMs, CloudWatchMetrics: [definition] }, FunctionName: functionName };
  return `${JSON.stringify({ ...line, [name]: value })}\n`;
}
