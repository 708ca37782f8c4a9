import { openStore } from '../../shared/aws/open-store.ts';
import { openWorkflow } from '../../shared/aws/open-workflow.ts';
import { capacityOf, environmentOf } from '../lambda/environment.ts';
import { serviceClock as clock } from '../lambda/service-clock.ts';
import { logger, serviceHandler } from '../lambda/service-handler.ts';
import { consumeStream, streamEvent } from '../lambda/stream-event.ts';
import { advanceJobs } from './advance-jobs.ts';

const env = environmentOf('advance-jobs');
const store = openStore(env.TABLE_NAME);
const workflow = openWorkflow({ store, clock, stateMachineArn: env.STATE_MACHINE_ARN });
const ports = {
  store,
  clock,
  random: Math.random,
  workflow,
  capacity: capacityOf(env),
  limits: env.LIMITS,
};

/** Consumes the change feed: what one record's change means for the others. */
export const handler = serviceHandler(streamEvent, (event) =>
  consumeStream(
    event,
    (changes) => advanceJobs(ports, changes),
    (error) => logger.error('changes could not be consumed', { error }),
  ),
);
