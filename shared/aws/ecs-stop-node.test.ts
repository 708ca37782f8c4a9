import { ClientException, InvalidParameterException } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { ecsStopNode } from './ecs-stop-node.ts';

const stopping = (error?: Error) => {
  const sent: object[] = [];
  const send = (async ({ input }: { input: object }) => {
    sent.push(input);
    if (error !== undefined) throw error;
    return {};
  }) as never;
  return { sent, stop: ecsStopNode({ client: { send }, cluster: 'nodes' }) };
};

describe('ecsStopNode', () => {
  it('stops the task, with as much of the reason as ECS takes', async () => {
    const { sent, stop } = stopping();
    await stop('arn:task/1', 'x'.repeat(300));
    expect(sent).toEqual([{ cluster: 'nodes', task: 'arn:task/1', reason: 'x'.repeat(255) }]);
  });

  it('passes over a task that ECS has forgotten', async () => {
    const gone = new InvalidParameterException({
      $metadata: {},
      message: 'The referenced task was not found.',
    });
    await expect(stopping(gone).stop('arn:task/1', 'gone')).resolves.toBeUndefined();
  });

  it('throws whatever else goes wrong', async () => {
    const error = new ClientException({ $metadata: {}, message: 'no' });
    await expect(stopping(error).stop('arn:task/1', 'gone')).rejects.toBe(error);
  });
});
