import { openStore } from '../../shared/aws/open-store.ts';
import { apiEvent, requestOf, responseOf } from '../lambda/api-event.ts';
import { environmentOf } from '../lambda/environment.ts';
import { serviceClock as clock } from '../lambda/service-clock.ts';
import { logger, serviceHandler } from '../lambda/service-handler.ts';
import { answerReport } from './answer-report.ts';
import { JobSpecs } from './job-specs.ts';

const store = openStore(environmentOf('state-report').TABLE_NAME);
const ports = {
  store,
  clock,
  random: Math.random,
  specs: new JobSpecs(store),
  logError: (error: unknown) => logger.error('a report could not be taken', { error }),
};

/** `POST …/state:report`: the one call between nodes and the service. */
export const handler = serviceHandler(apiEvent, async (event) =>
  responseOf(await answerReport(ports, requestOf(event))),
);
