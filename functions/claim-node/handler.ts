import { readFileSync } from 'node:fs';
import { openSecrets } from '../../shared/aws/open-secrets.ts';
import { openStore } from '../../shared/aws/open-store.ts';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { secretUses } from '../../shared/core/secret-uses.ts';
import { apiEvent, requestOf, responseOf } from '../lambda/api-event.ts';
import { environmentOf } from '../lambda/environment.ts';
import { serviceClock as clock } from '../lambda/service-clock.ts';
import { logger, serviceHandler } from '../lambda/service-handler.ts';
import { JobSpecs } from '../state-report/job-specs.ts';
import { answerClaim } from './answer-claim.ts';

const env = environmentOf('claim-node');
const store = openStore(env.TABLE_NAME);
const secrets = openSecrets(env.SECRETS);
const specs = new JobSpecs(store);
/** The agent's bundle lies beside this one. */
const agent = readFileSync(new URL('./agent.mjs', import.meta.url), 'utf8');

const ports = {
  store,
  clock,
  secretsOf: async (group: GroupRecord) =>
    secrets.resolve(secretUses((await specs.group(group)).group), group.project),
  agent,
  // The container's own, and gone with it.
  folders: { workDir: '/tmp/sluice/work', logDir: '/tmp/sluice/log', runDir: '/tmp/sluice/run' },
  logError: (error: unknown) => logger.error('a claim could not be answered', { error }),
};

/** `POST /v1/nodes:claim`: a node exchanges its claim for the agent and its configuration. */
export const handler = serviceHandler(apiEvent, async (event) =>
  responseOf(await answerClaim(ports, requestOf(event))),
);
