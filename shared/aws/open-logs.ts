import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { LogReader } from '../ports/log-reader.ts';
import { CloudWatchLogs, type CloudWatchLogsPorts } from './cloudwatch-logs.ts';

/** Reads of a log are few a second for a whole account, so what is throttled is tried again for a while. */
const PATIENT = { maxAttempts: 8, retryMode: 'adaptive' };

/** The log of a deployment's nodes; where it is, and the right to use it, come from the function's surroundings. */
export function openLogs(ports: Omit<CloudWatchLogsPorts, 'client'>): LogReader {
  return new CloudWatchLogs({ ...ports, client: new CloudWatchLogsClient(PATIENT) });
}
