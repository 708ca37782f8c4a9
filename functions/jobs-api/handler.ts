import { openCheckTopics } from '../../shared/aws/check-topics.ts';
import { fargateCapabilities } from '../../shared/aws/fargate-capabilities.ts';
import { openSecrets } from '../../shared/aws/open-secrets.ts';
import { openStore } from '../../shared/aws/open-store.ts';
import { invalidArgument } from '../../shared/contract/error.ts';
import { loginSecretUses } from '../../shared/core/container/registry-login.ts';
import { locationsOf } from '../../shared/core/fargate/node-places.ts';
import { secretUsesOfJob } from '../../shared/core/secret-uses.ts';
import { apiEvent, requestOf, responseOf } from '../lambda/api-event.ts';
import { capacityOf, environmentOf } from '../lambda/environment.ts';
import { openNodeLogs } from '../lambda/open-node-logs.ts';
import { serviceClock as clock } from '../lambda/service-clock.ts';
import { logger, serviceHandler } from '../lambda/service-handler.ts';
import { readReportRequest } from '../state-report/answer-report.ts';
import { JobSpecs } from '../state-report/job-specs.ts';
import { reportState } from '../state-report/report-state.ts';
import type { JobsApiDeps } from './api-ports.ts';
import { handleRequest } from './routes.ts';

const env = environmentOf('jobs-api');
const store = openStore(env.TABLE_NAME);
const logs = openNodeLogs(store, env.NODE_LOG_GROUP);
const ports = { store, clock, random: Math.random, logs };
const specs = new JobSpecs(store);
const fargate = fargateCapabilities({
  capacity: capacityOf(env),
  region: env.NODE_REGION,
  registryMirrors: env.REGISTRY_MIRRORS,
  serviceAccounts: Object.keys(env.SERVICE_ACCOUNTS),
});
const secrets = openSecrets(env.SECRETS);
const checkTopics = openCheckTopics(env.TOPIC_RULE);
const deps: JobsApiDeps = {
  ...ports,
  ...fargate,
  async checkCapabilities(job, asked) {
    fargate.checkCapabilities(job, asked);
    await checkTopics(job);
    const problems = await secrets.problems(
      [...secretUsesOfJob(job), ...loginSecretUses(job)],
      asked.project,
    );
    if (problems.length > 0) throw invalidArgument(problems);
  },
  capacity: capacityOf(env),
  limits: env.LIMITS,
  locations: locationsOf(env.NODE_REGION),
  reportState: (_, { authorization }, body) =>
    reportState({ ...ports, specs }, authorization, readReportRequest(body)),
  logError: (error, request) => logger.error('a request failed', { error, ...request }),
};

/** The API, but for the reports of nodes that call the open method. */
export const handler = serviceHandler(apiEvent, async (event) =>
  responseOf(await handleRequest(deps, requestOf(event))),
);
