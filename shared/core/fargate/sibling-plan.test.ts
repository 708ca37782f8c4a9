import { describe, expect, it } from 'vitest';
import type { TaskGroup } from '../../contract/task-group.ts';
import { planSiblings } from './sibling-plan.ts';
import { siblingRefusals } from './sibling-refusals.ts';

type Container = NonNullable<
  NonNullable<NonNullable<TaskGroup['taskSpec']>['runnables']>[number]['container']
>;
const groupOf = (containers: Container[], more: object = {}, further: object[] = []): TaskGroup => ({
  taskSpec: { runnables: [...containers.map((container) => ({ container })), ...further] },
  ...more,
});
const images = (count: number) => Array.from({ length: count }, (_, at) => ({ imageUri: `image-${at}` }));

describe('the containers of a node', () => {
  it('are one for each image and each way that it is started', () => {
    const { siblings, volumes } = planSiblings(
      groupOf([
        { imageUri: 'a', commands: ['1'] },
        { imageUri: 'a', commands: ['2'], options: '--user 5' },
        { imageUri: 'a', options: '--read-only' },
        { imageUri: 'b', volumes: ['/x:/y', '/mnt/z:/z:ro'] },
        { imageUri: 'c', volumes: ['/x:/w'] },
      ]),
    );
    expect(siblings.map(({ imageUri, readOnly }) => [imageUri, readOnly])).toEqual([
      ['a', false],
      ['a', true],
      ['b', false],
      ['c', false],
    ]);
    expect(volumes).toEqual(['/mnt/z', '/x']);
  });

  it('are none for scripts', () => {
    expect(planSiblings(groupOf([], {}, [{ script: { text: 'true' } }]))).toEqual({
      siblings: [],
      volumes: [],
    });
  });
});

describe('what nodes on Fargate do not do for containers', () => {
  const at = (inner: string) => `taskGroups[0].taskSpec.runnables[0].container.${inner}`;
  const all = 'taskGroups[0].taskSpec.runnables';
  const barrier = { barrier: {} };
  it.each<[name: string, group: TaskGroup, field: string, why: string]>([
    ['more images than ECS holds', groupOf(images(9)), all, 'has room for 8 containers beside the agent'],
    [
      'no network',
      groupOf([{ imageUri: 'a', options: '--network none' }]),
      at('options'),
      'blockExternalNetwork closes it',
    ],
    ['shared memory', groupOf([{ imageUri: 'a', options: '--shm-size 1g' }]), at('options'), '--shm-size'],
    [
      "the node's own folders",
      groupOf([{ imageUri: 'a', volumes: ['/tmp/x:/x'] }]),
      at('volumes'),
      '/tmp/x is the',
    ],
    [
      "the wrapper's folders",
      groupOf([{ imageUri: 'a', volumes: ['/x:/sluice'] }]),
      at('volumes'),
      '/sluice',
    ],
    [
      'a volume twice',
      groupOf([{ imageUri: 'a', volumes: ['/x:/y', '/x:/z'] }]),
      at('volumes'),
      '/x can be mounted once',
    ],
    [
      'a volume in another',
      groupOf([{ imageUri: 'a', volumes: ['/x:/y', '/x/z:/z'] }]),
      all,
      '/x/z lies in /x',
    ],
    [
      'volumes for several tasks at once',
      groupOf([{ imageUri: 'a', volumes: ['/x:/y'] }], { taskCountPerNode: '2', taskCount: '2' }),
      'taskGroups[0].taskCountPerNode',
      'one task at a time; given: 2',
    ],
    [
      'volumes of tasks that wait',
      groupOf([{ imageUri: 'a', volumes: ['/x:/y'] }], { taskCount: '2', taskCountPerNode: '1' }, [barrier]),
      all,
      'tasks that wait at a barrier',
    ],
    [
      'two logins for one image',
      groupOf([
        { imageUri: 'r.example/a', username: 'u', password: 'p' },
        { imageUri: 'r.example/a', username: 'u', password: 'q' },
      ]),
      'taskGroups[0].taskSpec.runnables[1].container.username',
      'a node pulls r.example/a once',
    ],
    [
      'a login for ECR',
      groupOf([
        { imageUri: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/a', username: 'AWS', password: 'p' },
      ]),
      at('username'),
      "by the deployment's own role",
    ],
  ])('%s', (_, group, field, why) => {
    expect([...siblingRefusals(group, 'taskGroups[0]')]).toEqual([[field, expect.stringContaining(why)]]);
  });

  it('all else they do', () => {
    const options =
      '--env A=b --user 1:2 --workdir /w --entrypoint /e --ulimit nofile=5 --init --network host --read-only';
    const group = groupOf(
      [...images(7), { imageUri: 'a', options, volumes: ['/mnt/x:/x:ro'] }],
      { taskCount: '1', taskCountPerNode: '1' },
      [barrier, { script: { text: 'true' } }],
    );
    expect([...siblingRefusals(group, 'taskGroups[0]')]).toEqual([]);
  });
});
