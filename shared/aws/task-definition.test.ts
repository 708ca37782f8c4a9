import { describe, expect, it } from 'vitest';
import { type NodeMakeup, taskDefinitionOf } from './task-definition.ts';

const node: NodeMakeup = {
  shape: { size: { vcpu: 0.5, memoryMib: 1024 }, architecture: 'ARM64', storageGib: 20 },
  agent: {
    image: 'node:24-slim',
    command: ['node', '-e', 'x'],
    environment: { SLUICE_ENDPOINT: 'https://x' },
  },
  taskRole: 'arn:role/task',
  executionRole: 'arn:role/execution',
  log: { group: 'nodes', region: 'us-east-1' },
  familyPrefix: 'sluice-node',
};
const familyOf = (change: Partial<NodeMakeup>) => taskDefinitionOf({ ...node, ...change }).family;

describe('taskDefinitionOf', () => {
  it('is what ECS takes of a Fargate task', () => {
    const definition = taskDefinitionOf(node);
    expect(definition).toMatchObject({
      cpu: '512',
      memory: '1024',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
      containerDefinitions: [
        {
          name: 'agent',
          essential: true,
          stopTimeout: 120,
          environment: [{ name: 'SLUICE_ENDPOINT', value: 'https://x' }],
        },
      ],
    });
    expect(definition.ephemeralStorage).toBeUndefined();
    expect(definition.family).toMatch(/^sluice-node-[0-9a-f]{24}$/);
    const large = taskDefinitionOf({ ...node, shape: { ...node.shape, storageGib: 21 } });
    expect(large.ephemeralStorage).toEqual({ sizeInGiB: 21 });
  });

  it('is one for equal nodes, and another for each that differs', () => {
    expect(familyOf({})).toBe(familyOf({ agent: { ...node.agent } }));
    const others: Partial<NodeMakeup>[] = [
      { shape: { ...node.shape, size: { vcpu: 1, memoryMib: 2048 } } },
      { shape: { ...node.shape, architecture: 'X86_64' } },
      { shape: { ...node.shape, storageGib: 30 } },
      { agent: { ...node.agent, image: 'python:3' } },
      { agent: { ...node.agent, command: ['node', '-e', 'y'] } },
      { taskRole: 'arn:role/other' },
      { log: { group: 'other', region: 'us-east-1' } },
      { siblings: [{ name: 'tool', image: 'tool' }] },
      { volumes: ['shared'] },
    ];
    const families = [familyOf({}), ...others.map(familyOf)];
    expect(new Set(families).size).toBe(families.length);
  });

  it('has siblings that share volumes, wait for each other and end nothing', () => {
    const { containerDefinitions = [], volumes } = taskDefinitionOf({
      ...node,
      volumes: ['runtime'],
      siblings: [
        {
          name: 'tool',
          image: 'registry.example.org/tool@sha256:0',
          entryPoint: ['/runtime/wrapper'],
          repositoryCredentials: 'arn:secret',
          mounts: { runtime: { path: '/runtime', readOnly: true } },
          dependsOn: { agent: 'HEALTHY' },
        },
      ],
    });
    expect(volumes).toEqual([{ name: 'runtime' }]);
    expect(containerDefinitions[1]).toMatchObject({
      essential: false,
      entryPoint: ['/runtime/wrapper'],
      repositoryCredentials: { credentialsParameter: 'arn:secret' },
      mountPoints: [{ sourceVolume: 'runtime', containerPath: '/runtime', readOnly: true }],
      dependsOn: [{ containerName: 'agent', condition: 'HEALTHY' }],
    });
  });
});
