import { describe, expect, it } from 'vitest';
import { planSiblings } from '../core/fargate/sibling-plan.ts';
import { siblingContainers } from './sibling-containers.ts';
import { taskDefinitionOf } from './task-definition.ts';

const runtime = { image: 'node:24-slim', copyRuntime: 'copy()', wrapper: 'wrap()' };
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const image = (name: string, digit: string, env: string[] = []) => ({
  pinned: `docker.io/library/${name}@${digest(digit)}`,
  digest: digest(digit),
  config: { entrypoint: ['/entry'], cmd: ['serve'], user: 'app', workingDir: '/srv', env },
});

const plan = planSiblings({
  taskSpec: {
    runnables: [
      { container: { imageUri: 'busybox:1', volumes: ['/mnt/x:/x:ro'] } },
      { container: { imageUri: 'busybox:latest', volumes: ['/mnt/x:/x:ro'] } },
      { container: { imageUri: 'python', options: '--read-only' } },
    ],
  },
});
const resolved = plan.siblings.map((sibling) => ({
  ...sibling,
  image: sibling.imageUri === 'python' ? image('python', '2', ['LD_PRELOAD=/x.so']) : image('busybox', '1'),
}));
const { containers, volumes, agent } = siblingContainers(resolved, plan, runtime);

describe('the containers of a node beside its agent', () => {
  it('are one for each image by its content, and one that brings the runtime', () => {
    expect(containers.map(({ name, image: its }) => [name, its])).toEqual([
      ['runtime', 'node:24-slim'],
      ['image-0', `docker.io/library/busybox@${digest('1')}`],
      ['image-1', `docker.io/library/python@${digest('2')}`],
    ]);
    const { channels } = JSON.parse(agent.environment.SLUICE_SIBLINGS ?? '');
    expect(Object.values(channels)).toEqual([
      '/sluice-channels/image-0',
      '/sluice-channels/image-0',
      '/sluice-channels/image-1',
    ]);
    expect(Object.keys(channels)).toEqual(plan.siblings.map(({ key }) => key));
  });

  it('start when the runtime is there, by the wrapper, and can change neither', () => {
    for (const container of containers.slice(1)) {
      expect(container).toMatchObject({
        entryPoint: [
          '/sluice/loader',
          '--library-path',
          '/sluice/lib',
          '/sluice/bin/node',
          '/sluice/wrapper.mjs',
        ],
        dependsOn: { runtime: 'SUCCESS' },
        mounts: { runtime: { path: '/sluice', readOnly: true } },
        more: { user: '0', linuxParameters: { initProcessEnabled: true } },
      });
      expect(container.mounts?.[`channel-${container.name}`]).toEqual({
        path: '/sluice-channel',
        readOnly: true,
      });
    }
    expect(containers[2]?.more?.readonlyRootFilesystem).toBe(true);
    expect(containers[2]?.environment?.LD_PRELOAD).toBe('');
    expect(JSON.parse(containers[2]?.environment?.SLUICE_IMAGE ?? '').env).toEqual({ LD_PRELOAD: '/x.so' });
  });

  it('have channels that they share with the agent alone, and volumes that are all of the node', () => {
    expect(agent.mounts).toEqual({
      'channel-image-0': { path: '/sluice-channels/image-0' },
      'channel-image-1': { path: '/sluice-channels/image-1' },
      'volume-0': { path: '/mnt/x' },
    });
    expect(volumes).toEqual(['runtime', 'channel-image-0', 'channel-image-1', 'volume-0']);
    expect(containers[1]?.mounts?.['volume-0']).toEqual({ path: '/x', readOnly: true });
    for (const [at, { mounts = {} }] of containers.entries()) {
      const others = Object.keys(mounts).filter((name) => name.startsWith('channel-'));
      expect(others).toEqual(at === 0 ? [] : [`channel-image-${at - 1}`]);
    }
  });

  it('make a task definition of which the agent is the essential one', () => {
    const definition = taskDefinitionOf({
      shape: { size: { vcpu: 1, memoryMib: 2048 }, architecture: 'ARM64', storageGib: 20 },
      agent: { image: runtime.image, ...agent },
      siblings: containers,
      volumes,
      taskRole: 'arn:task',
      executionRole: 'arn:execution',
      log: { group: 'log', region: 'eu-west-1' },
      familyPrefix: 'sluice-node',
    } as Parameters<typeof taskDefinitionOf>[0]);
    expect(definition.containerDefinitions?.map(({ name, essential }) => [name, essential])).toEqual([
      ['agent', true],
      ['runtime', false],
      ['image-0', false],
      ['image-1', false],
    ]);
    expect(definition.containerDefinitions?.[2]?.dependsOn).toEqual([
      { containerName: 'runtime', condition: 'SUCCESS' },
    ]);
    expect(definition.volumes).toEqual(volumes.map((name) => ({ name })));
  });
});
