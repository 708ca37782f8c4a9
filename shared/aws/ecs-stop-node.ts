import {
  ClusterNotFoundException,
  ECSClient,
  InvalidParameterException,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';

/** What StopTask takes of a reason. */
const REASON_LENGTH = 255;

/** Stops ECS tasks of one cluster. The agent is sent SIGTERM, and two minutes later SIGKILL. */
export function ecsStopNode({ client, cluster }: { client: Pick<ECSClient, 'send'>; cluster: string }) {
  return async (task: string, reason: string): Promise<void> => {
    try {
      await client.send(new StopTaskCommand({ cluster, task, reason: reason.slice(0, REASON_LENGTH) }));
    } catch (error) {
      // ECS forgets a task an hour after its end.
      if (error instanceof InvalidParameterException && /not found/i.test(error.message)) return;
      if (error instanceof ClusterNotFoundException) return;
      throw error;
    }
  };
}

/** Stops nodes of a deployment. */
export function openStopNode(cluster: string): (taskArn: string, reason: string) => Promise<void> {
  return ecsStopNode({ client: new ECSClient({ maxAttempts: 8 }), cluster });
}
