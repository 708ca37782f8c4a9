import { readFileSync } from 'node:fs';
import { fargateNodes } from '../../shared/aws/fargate-nodes.ts';
import { openLoginSecrets } from '../../shared/aws/open-login-secrets.ts';
import { openSecrets } from '../../shared/aws/open-secrets.ts';
import { openStore } from '../../shared/aws/open-store.ts';
import { openTaskDefinitions } from '../../shared/aws/open-task-definitions.ts';
import { plannedLogins } from '../../shared/aws/planned-logins.ts';
import { processorOfGroup } from '../../shared/aws/processor-of-group.ts';
import { ecrCredentials } from '../../shared/aws/registry/ecr-credentials.ts';
import { RegistryClient } from '../../shared/aws/registry/registry-client.ts';
import { rememberedImages } from '../../shared/aws/registry/remembered-images.ts';
import { siblingImages } from '../../shared/aws/sibling-images.ts';
import { scriptImage, siblingsOfGroup } from '../../shared/aws/siblings-of-group.ts';
import { capacityOf, environmentOf } from '../lambda/environment.ts';
import { payloads } from '../lambda/payloads.ts';
import { serviceClock as clock } from '../lambda/service-clock.ts';
import { serviceHandler } from '../lambda/service-handler.ts';
import { planJob } from './plan-job.ts';

const env = environmentOf('plan-job');
const store = openStore(env.TABLE_NAME);
const capacity = capacityOf(env);
// Programs of nodes lie beside this one.
const programText = (name: string) => readFileSync(new URL(`./${name}.mjs`, import.meta.url), 'utf8');
const runtime = {
  image: env.NODE_IMAGE,
  copyRuntime: programText('copy-runtime'),
  wrapper: programText('wrapper'),
};
const registry = new RegistryClient({
  credentialsFor: ecrCredentials(),
  mirrors: env.REGISTRY_MIRRORS,
  plainHttp: env.PLAIN_HTTP_REGISTRIES,
});
// What a deployment's own image is made for does not change while a process lives.
const nodeImages = rememberedImages(registry);
const secrets = openSecrets(env.SECRETS);
const logins = openLoginSecrets(env.LOGIN_PREFIX, env.LOGIN_KEY);
const definitions = openTaskDefinitions({ store, clock });
const deployment = {
  image: env.NODE_IMAGE,
  endpoint: env.NODE_ENDPOINT,
  runtime,
  bootstrap: programText('bootstrap'),
  taskRole: env.TASK_ROLE_ARN,
  executionRole: env.EXECUTION_ROLE_ARN,
  log: { group: env.NODE_LOG_GROUP, region: env.NODE_REGION.region },
  familyPrefix: env.FAMILY_PREFIX,
  region: env.NODE_REGION,
  serviceAccounts: env.SERVICE_ACCOUNTS,
};

/** First state of a run: the ids of the job's groups. */
export const handler = serviceHandler(payloads['plan-job'], async ({ jobUid }) => {
  // For this plan alone: a later one of the same process has the images as they are then.
  const images = rememberedImages(registry);
  const imageOf = siblingImages(images, plannedLogins(secrets, logins));
  const prepareNodes = fargateNodes(
    deployment,
    definitions,
    siblingsOfGroup(imageOf),
    scriptImage(images),
    processorOfGroup({ ofJobs: images, ofSiblings: imageOf, ofNodes: nodeImages }, env.NODE_ARCHITECTURE),
  );
  const groups = await planJob({ store, clock, prepareNodes, logins }, capacity, jobUid);
  return { groups: groups.map(({ groupId }) => groupId) };
});
