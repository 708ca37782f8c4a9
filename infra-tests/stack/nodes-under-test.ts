import { createHash } from 'node:crypto';
import { bundleText, nodePrograms } from '../../cdk/build/bundle-functions.ts';
import { AwsSecrets } from '../../shared/aws/aws-secrets.ts';
import { fargateNodes, type NodeDeployment } from '../../shared/aws/fargate-nodes.ts';
import { AwsLoginSecrets } from '../../shared/aws/login-secrets.ts';
import { plannedLogins } from '../../shared/aws/planned-logins.ts';
import { processorOfGroup } from '../../shared/aws/processor-of-group.ts';
import { siblingImages } from '../../shared/aws/sibling-images.ts';
import { scriptImage, siblingsOfGroup } from '../../shared/aws/siblings-of-group.ts';
import { TaskDefinitions } from '../../shared/aws/task-definitions.ts';
import type { UseLimits } from '../../shared/core/admission/use-limits.ts';
import type { FargateCapacity } from '../../shared/core/fargate/fargate-plan.ts';
import { ImageError } from '../../shared/core/image/image-error.ts';
import { parseImageReference, pinnedImage } from '../../shared/core/image/image-reference.ts';
import { wrongLogin } from '../../shared/core/image/registry-answer.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { ImageRegistry } from '../../shared/ports/image-registry.ts';
import type { Store } from '../../shared/ports/store.ts';
import { FakeSecretsManager } from '../../shared/testing/fake-secrets-manager.ts';
import { FakeTaskDefinitions } from '../../shared/testing/fake-task-definitions.ts';

export const CAPACITY: FargateCapacity = { maxNodes: 8, maxVcpu: 100, architecture: 'ARM64' };

export const LIMITS: UseLimits = { deployment: { nodes: 8 }, projects: {} };

/** A deployment of nodes with names that tell what they are. */
function nodeDeployment(endpoint: string): NodeDeployment {
  return {
    image: 'node:24-slim',
    endpoint,
    runtime: {
      image: 'node:24-slim',
      copyRuntime: bundleText(nodePrograms['copy-runtime']),
      wrapper: bundleText(nodePrograms.wrapper),
    },
    bootstrap: bundleText(nodePrograms.bootstrap),
    taskRole: 'arn:aws:iam::000000000000:role/task',
    executionRole: 'arn:aws:iam::000000000000:role/execution',
    log: { group: 'nodes', region: 'us-east-1' },
    familyPrefix: 'sluice-node',
    region: {
      region: 'us-east-1',
      aliases: {},
      subnets: [
        { id: 'subnet-a', zone: 'us-east-1a', way: 'PUBLIC' },
        { id: 'subnet-b', zone: 'us-east-1b', way: 'PUBLIC' },
      ],
      securityGroups: ['sg-open'],
      closed: {
        subnets: [{ id: 'subnet-closed', zone: 'us-east-1b', way: 'CLOSED' }],
        securityGroups: ['sg-closed'],
        registries: ['000000000000.dkr.ecr.us-east-1.amazonaws.com'],
        image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/node:24',
        endpoint: `${endpoint}closed/`,
      },
    },
    serviceAccounts: { 'science@example.org': 'arn:aws:iam::000000000000:role/science' },
  };
}

const PLATFORMS = ['linux/amd64', 'linux/arm64'];

/**
 * A registry that has every image but `missing`, and knows every login but those with the password `wrong`; an image whose
 * name ends with `-amd64` or `-arm64` is made for that alone.
 */
const registryUnderTest: ImageRegistry = {
  async find(imageUri, credentials) {
    if (credentials?.password === 'wrong') throw wrongLogin(imageUri, '');
    if (imageUri === 'missing')
      throw new ImageError('NOT_FOUND', 'there is no image missing in its registry');
    const digest = `sha256:${createHash('sha256').update(imageUri).digest('hex')}`;
    const only = /-(amd64|arm64)$/.exec(imageUri)?.[1];
    return {
      pinned: pinnedImage(parseImageReference(imageUri), digest),
      digest,
      platforms: PLATFORMS.filter((name) => only === undefined || name.endsWith(only)),
      configFor: async () => ({ entrypoint: [], cmd: ['sh'], user: '', workingDir: '', env: ['PATH=/bin'] }),
    };
  },
};

/**
 * What plan-job does about nodes, with a stand-in for ECS. `ownImage`: the deployment's own; `ofJobs`: where images of jobs
 * are looked up.
 */
export function nodesUnderTest(
  ports: { store: Store; clock: Clock },
  endpoint = 'http://localhost/',
  ownImage = 'node:24-slim',
  ofJobs: ImageRegistry = registryUnderTest,
) {
  const ecs = new FakeTaskDefinitions();
  const definitions = new TaskDefinitions({ ...ports, client: ecs.client });
  const nodes = { ...nodeDeployment(endpoint), image: ownImage };
  const secretsManager = new FakeSecretsManager();
  const logins = new AwsLoginSecrets({ client: secretsManager.client, prefix: 'sluice-registry-logins/' });
  const rules = { secretName: 'sluice/{project}/{secret}', keyAlias: 'alias/sluice/{key}', secretArns: [] };
  const kms = { send: async () => ({}) } as never;
  const secrets = new AwsSecrets({ secretsManager: secretsManager.client, kms, rules });
  const script = scriptImage(ofJobs);
  return {
    ecs,
    secretsManager,
    logins,
    /** For one plan. */
    get prepareNodes() {
      const imageOf = siblingImages(ofJobs, plannedLogins(secrets, logins));
      const images = { ofJobs, ofNodes: registryUnderTest, ofSiblings: imageOf };
      const processor = processorOfGroup(images, CAPACITY.architecture);
      return fargateNodes(nodes, definitions, siblingsOfGroup(imageOf), script, processor);
    },
  };
}
