import * as z from 'zod';
import { openStopNode } from '../../shared/aws/ecs-stop-node.ts';
import { openLoginSecrets } from '../../shared/aws/open-login-secrets.ts';
import { openStore } from '../../shared/aws/open-store.ts';
import { openTaskDefinitions } from '../../shared/aws/open-task-definitions.ts';
import { openWorkflow } from '../../shared/aws/open-workflow.ts';
import { admitJobs } from '../advance-jobs/admit-jobs.ts';
import { capacityOf, environmentOf } from '../lambda/environment.ts';
import { serviceClock as clock } from '../lambda/service-clock.ts';
import { logger, serviceHandler } from '../lambda/service-handler.ts';
import { sweepCapacity } from './sweep-capacity.ts';
import { sweepJobs } from './sweep-jobs.ts';
import { sweepLogins } from './sweep-logins.ts';
import { sweepRuns } from './sweep-runs.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const env = environmentOf('sweep-jobs');
const store = openStore(env.TABLE_NAME);
const workflow = openWorkflow({ store, clock, stateMachineArn: env.STATE_MACHINE_ARN });
const definitions = openTaskDefinitions({ store, clock });
const logins = openLoginSecrets(env.LOGIN_PREFIX);
const ports = {
  store,
  clock,
  random: Math.random,
  workflow,
  capacity: capacityOf(env),
  limits: env.LIMITS,
  stopNode: openStopNode(env.CLUSTER_NAME),
  logError: (error: unknown, jobUid: string) => logger.error('a job could not be swept', { jobUid, error }),
};

/** Once a minute: what every other path missed. */
export const handler = serviceHandler(z.unknown(), async () => {
  await sweepJobs({ ...ports, retentionMs: env.RETENTION_DAYS * DAY_MS });
  await sweepCapacity(ports);
  await admitJobs(ports);
  await sweepRuns(ports);
  await definitions.sweep();
  await sweepLogins({ store, clock, logins });
});
