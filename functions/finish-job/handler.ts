import { openLoginSecrets } from '../../shared/aws/open-login-secrets.ts';
import { openStore } from '../../shared/aws/open-store.ts';
import { environmentOf } from '../lambda/environment.ts';
import { openNodeLogs } from '../lambda/open-node-logs.ts';
import { payloads } from '../lambda/payloads.ts';
import { serviceClock as clock } from '../lambda/service-clock.ts';
import { serviceHandler } from '../lambda/service-handler.ts';
import { finishJob } from './finish-job.ts';

const env = environmentOf('finish-job');
const store = openStore(env.TABLE_NAME);
const logs = openNodeLogs(store, env.NODE_LOG_GROUP);
const logins = openLoginSecrets(env.LOGIN_PREFIX);

/** Last state of a run: the job's outcome. */
export const handler = serviceHandler(payloads['finish-job'], ({ jobUid }) =>
  finishJob({ store, clock, logs, logins }, jobUid),
);
