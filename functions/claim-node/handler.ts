import { readFileSync } from 'node:fs';
import { openStore } from '../../shared/aws/open-store.ts';
import { apiEvent, requestOf, responseOf } from '../lambda/api-event.ts';
import { environmentOf } from '../lambda/environment.ts';
import { serviceClock as clock } from '../lambda/service-clock.ts';
import { logger, serviceHandler } from '../lambda/service-handler.ts';
import { answerClaim } from './answer-claim.ts';

const store = openStore(environmentOf('claim-node').TABLE_NAME);
/** The agent's bundle lies beside this one. */
const agent = readFileSync(new URL('./agent.mjs', import.meta.url), 'utf8');

const ports = {
  store,
  clock,
  agent,
  // The container's own, and gone with it.
  folders: { workDir: '/tmp/sluice/work', logDir: '/tmp/sluice/log', runDir: '/tmp/sluice/run' },
  logError: (error: unknown) => logger.error('a claim could not be answered', { error }),
};

/** `POST /v1/nodes:claim`: a node exchanges its claim for the agent and its configuration. */
export const handler = serviceHandler(apiEvent, async (event) =>
  responseOf(await answerClaim(ports, requestOf(event))),
);
