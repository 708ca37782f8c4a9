/**
 * AWS's public prices on demand in us-east-1, in US dollars, without free tiers and discounts. The one place for them:
 * when they change, change them and the date, which is of the newest change that is in them (DynamoDB's).
 */
export const priceList = {
  date: '2024-11-01',
  region: 'us-east-1',
  /** API Gateway, REST API: a request, the first 333 million of a month. */
  apiCall: 3.5 / 1e6,
  /** Lambda on arm64: a call. */
  lambdaCall: 0.2 / 1e6,
  /** Lambda on arm64: a GB of memory for a second. */
  lambdaGbSecond: 0.0000133334,
  /** DynamoDB on demand, standard tables. */
  readUnit: 0.125 / 1e6,
  writeUnit: 0.625 / 1e6,
  /** Step Functions, standard workflows. */
  transition: 25 / 1e6,
  /** SNS, standard topics; what goes to queues and functions costs nothing more. */
  snsMessage: 0.5 / 1e6,
  /** CloudWatch Logs: a byte taken in. */
  logByte: 0.5 / 1e9,
  /** Fargate on Linux and x86_64; a task is charged for a minute at least. */
  fargateVcpuHour: 0.04048,
  fargateGbHour: 0.004445,
  fargateLeastSeconds: 60,
} as const;
export type PriceList = typeof priceList;
