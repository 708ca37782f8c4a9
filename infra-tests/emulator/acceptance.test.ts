import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { acceptanceSuite, type Hear } from '../../shared/testing/acceptance/acceptance-suite.ts';
import { describeDeployed } from './describe-deployed.ts';
import { PATIENCE } from './nodes-of-job.ts';
import { SubscribedQueue } from './subscribed-queue.ts';

describeDeployed('the deployed stack', ({ api, project, clients }) => {
  /** A topic that a job names is the user's own. */
  async function listen(topics: readonly string[]): Promise<Hear> {
    const queues = new Map<string, SubscribedQueue>();
    for (const name of topics) {
      const { TopicArn: arn = '' } = await clients.sns.send(new CreateTopicCommand({ Name: name }));
      queues.set(name, await SubscribedQueue.subscribe(clients, arn));
    }
    return async (topic, count) => (await queues.get(topic)?.first(count)) ?? [];
  }

  acceptanceSuite({
    name: 'AWS',
    api: () => api,
    manyMachines: true,
    listen,
    async putSecrets(secrets) {
      for (const [name, SecretString] of Object.entries(secrets))
        await clients.secretsManager.send(
          new CreateSecretCommand({ Name: `sluice/${project}/${name}`, SecretString }),
        );
    },
    seconds: PATIENCE,
  });
});
