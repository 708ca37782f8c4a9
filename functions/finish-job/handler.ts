import { noLogs } from '../../shared/aws/no-logs.ts';
import { openStore } from '../../shared/aws/open-store.ts';
import { environmentOf } from '../lambda/environment.ts';
import { payloads } from '../lambda/payloads.ts';
import { serviceClock as clock } from '../lambda/service-clock.ts';
import { serviceHandler } from '../lambda/service-handler.ts';
import { finishJob } from './finish-job.ts';

const store = openStore(environmentOf('finish-job').TABLE_NAME);

/** Last state of a run: the job's outcome. */
export const handler = serviceHandler(payloads['finish-job'], ({ jobUid }) =>
  finishJob({ store, clock, logs: noLogs }, jobUid),
);
