import { openStopNode } from '../../shared/aws/ecs-stop-node.ts';
import { openLoginSecrets } from '../../shared/aws/open-login-secrets.ts';
import { openStore } from '../../shared/aws/open-store.ts';
import { openWorkflow } from '../../shared/aws/open-workflow.ts';
import { environmentOf } from '../lambda/environment.ts';
import { openNodeLogs } from '../lambda/open-node-logs.ts';
import { jobUidOfExecution, payloads } from '../lambda/payloads.ts';
import { serviceClock as clock } from '../lambda/service-clock.ts';
import { logger, serviceHandler } from '../lambda/service-handler.ts';
import { failureWords } from './failure-words.ts';
import { giveUpJob } from './give-up-job.ts';

const env = environmentOf('give-up-job');
const store = openStore(env.TABLE_NAME);
const workflow = openWorkflow({ store, clock, stateMachineArn: env.STATE_MACHINE_ARN });
const logs = openNodeLogs(store, env.NODE_LOG_GROUP);
const logins = openLoginSecrets(env.LOGIN_PREFIX);
const stopNode = openStopNode(env.CLUSTER_NAME);

/** Ends a job whose run has broken off: called by the run itself, or by the rule for executions that died. */
export const handler = serviceHandler(payloads['give-up-job'], async ({ execution, failure }) => {
  const jobUid = jobUidOfExecution(execution);
  logger.error('a run has broken off', { jobUid, execution, failure });
  await giveUpJob(
    { store, clock, random: Math.random, workflow, stopNode, logs, logins },
    jobUid,
    failureWords(failure),
  );
});
