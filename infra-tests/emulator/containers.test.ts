import { expect, it } from 'vitest';
import type { Container } from '../../shared/contract/runnable.ts';
import { MUSL_QUESTIONS, wrongAnswers } from '../docker/musl-answers.ts';
import { describeDeployed } from './describe-deployed.ts';
import { containersOf, killContainer } from './node-containers.ts';
import { eventually, isStopped, nodesOfJob } from './nodes-of-job.ts';

/** A job of one group, whose runnables are containers. */
function jobOf(containers: Container[], group: object = {}) {
  const runnables = containers.map((container) => ({ container }));
  const computeResource = { cpuMilli: 500, memoryMib: 256 };
  return {
    taskGroups: [
      { ...group, taskSpec: { runnables, computeResource, ...(group as { taskSpec?: object }).taskSpec } },
    ],
  };
}
const sh = (script: string): Container => ({
  imageUri: 'busybox',
  entrypoint: '/bin/sh',
  commands: ['-c', script],
});

describeDeployed('containers on the deployed stack', (stack) => {
  const { api, registry } = stack;
  /** How many tasks of a job run; nothing can be asked before it is planned. */
  const runningOf = (jobId: string) =>
    api.outcome(jobId).then(
      ({ tasks }) => tasks.filter(({ status }) => status?.state === 'RUNNING').length,
      () => 0,
    );

  /** The first node of a job. */
  const nodeOf = async (jobUid: string) => {
    const [node] = await nodesOfJob(stack, jobUid);
    if (node === undefined) throw new Error('there is no node');
    return node;
  };

  it('run task after task in the same container of one node', async () => {
    const group = { taskCount: 50, parallelism: 4, taskCountPerNode: 4 };
    const { uid = '' } = await api.createJob(
      'warm',
      jobOf([sh('echo "task $BATCH_TASK_INDEX in $(hostname)"')], group),
    );
    expect((await api.waitForEnd('warm', 150)).status?.state).toBe('SUCCEEDED');
    expect(await nodesOfJob(stack, uid)).toHaveLength(1);
    const { lines } = await api.outcome('warm');
    expect(lines.filter((line) => line.startsWith('task '))).toHaveLength(50);
    expect(new Set(lines.map((line) => line.split(' in ')[1])).size).toBe(1);
  });

  it('of an image with nothing but one static program run, also from a root that cannot be written', async () => {
    const imageUri = `${registry}/tools/static:1`;
    await api.createJob(
      'bare',
      jobOf([{ imageUri }, { imageUri, commands: ['id', '-u'], options: '--read-only --user 7' }]),
    );
    expect((await api.waitForEnd('bare', 150)).status?.state).toBe('SUCCEEDED');
    const { lines } = await api.outcome('bare');
    expect(lines).toEqual(['from the image', '7']);
  });

  it('of an image with another C library run by its own loader, with nothing of the wrapper in them', async () => {
    const imageUri = `${registry}/tools/musl:1`;
    await api.createJob(
      'musl',
      jobOf([
        { imageUri, commands: [...MUSL_QUESTIONS.slice(0, -1)] },
        { imageUri, commands: ['user', 'exit=3'], options: '--read-only --user 1234:77 --ulimit nofile=100' },
      ]),
    );
    expect((await api.waitForEnd('musl', 150)).status?.state).toBe('FAILED');
    const { lines, tasks } = await api.outcome('musl');
    expect(wrongAnswers(lines)).toEqual([]);
    expect(lines).toContain('user 1234:77, not in accounts');
    const events = tasks[0]?.status?.statusEvents ?? [];
    expect(events.findLast(({ taskExecution: ran }) => ran)?.taskExecution?.exitCode).toBe(3);
  });

  it('and scripts that are not root see nothing of the agent, and may write where they should', async () => {
    const tries = [
      'cat /proc/1/environ >/dev/null',
      'ls /proc/1/fd >/dev/null',
      'ls /tmp/sluice/run /tmp/sluice/log >/dev/null',
      'echo evil > "$0"',
      'kill -9 1',
    ];
    const runnables = [
      {
        script: {
          text: tries
            .map((line) => `(${line}) 2>&1 | grep -qiE "denied|not permitted" && echo kept from`)
            .join('\n'),
        },
      },
      { script: { text: 'echo here > note && echo "$(cat note) as $(id -u)"; ls -A "$HOME" | wc -l' } },
      { container: { ...sh('echo to > /x/note; id -u'), volumes: ['/mnt/x:/x'] } },
      { script: { text: 'cat /mnt/x/note; echo back >> /mnt/x/note' } },
      { container: { ...sh('cat /x/note'), volumes: ['/mnt/x:/x'] } },
    ];
    const computeResource = { cpuMilli: 500, memoryMib: 256 };
    await api.createJob('non-root-node', {
      taskGroups: [{ runAsNonRoot: true, taskSpec: { runnables, computeResource } }],
    });
    const { status } = await api.waitForEnd('non-root-node', 150);
    const { lines } = await api.outcome('non-root-node');
    expect(lines.filter((line) => line === 'kept from')).toHaveLength(tries.length);
    expect(lines.filter((line) => line !== 'kept from')).toEqual([
      ...['here as 48484', '0', '48484', 'to', 'to', 'back'],
    ]);
    expect(status?.state).toBe('SUCCEEDED');
  });

  it.each([
    ['a tag', 'tools/static:2', /there is no image \S+tools\/static:2 in its registry/],
    ['a repository', 'tools/nothing', /there is no image \S+tools\/nothing in its registry/],
  ])('of an image whose registry does not have %s end the job with that word', async (what, name, words) => {
    const jobId = `missing-${what.replace(/\W/g, '-')}`;
    await api.createJob(jobId, jobOf([{ imageUri: `${registry}/${name}` }]));
    const { status } = await api.waitForEnd(jobId, 150);
    expect(status?.state).toBe('FAILED');
    expect(status?.statusEvents?.at(-1)?.description).toMatch(words);
  });

  it('of more images than a task on ECS holds are refused with the number', async () => {
    const many = Array.from({ length: 9 }, (_, at) => ({ imageUri: `image-${at}` }));
    await expect(api.createJob('many', jobOf(many))).rejects.toThrow(
      'room for 8 containers beside the agent',
    );
  });

  it('that ignore TERM are killed when their time is over', async () => {
    const deaf = sh('trap "" TERM; echo up; while :; do sleep 1; done');
    const runnables = [{ container: deaf, timeout: '2s' }];
    await api.createJob('deaf', { taskGroups: [{ taskSpec: { runnables } }] });
    expect((await api.waitForEnd('deaf', 150)).status?.state).toBe('FAILED');
    const { tasks } = await api.outcome('deaf');
    const codes = tasks[0]?.status?.statusEvents?.flatMap(({ taskExecution: ran }) => ran?.exitCode ?? []);
    expect(codes).toContain(50005);
  });

  it('whose container is killed are told in words, and run again on another node', async () => {
    const { uid = '' } = await api.createJob(
      'killed-sibling',
      jobOf([sh('echo up; [ "$BATCH_TASK_RETRY_ATTEMPT" = 1 ] || sleep 600')], {
        taskSpec: { maxRetryCount: 1 },
      }),
    );
    await eventually('the container runs', async () => (await runningOf('killed-sibling')) > 0, 120);
    await killContainer(await nodeOf(uid), 'image-0');
    expect((await api.waitForEnd('killed-sibling', 200)).status?.state).toBe('SUCCEEDED');
    expect(await nodesOfJob(stack, uid)).toHaveLength(2);
    const events = (await api.outcome('killed-sibling')).tasks[0]?.status?.statusEvents ?? [];
    expect(events.map(({ description }) => description).join('\n')).toContain(
      'the container of busybox on this node is gone',
    );
  });

  it('go with their agent: what ran in them runs again elsewhere', async () => {
    const { uid = '' } = await api.createJob(
      'killed-node',
      jobOf([sh('echo up; [ "$BATCH_TASK_RETRY_ATTEMPT" = 1 ] || sleep 600')], {
        taskCount: 8,
        taskCountPerNode: 8,
        taskSpec: { maxRetryCount: 1 },
      }),
    );
    await eventually('eight run', async () => (await runningOf('killed-node')) === 8, 120);
    const node = await nodeOf(uid);
    await killContainer(node, 'agent');
    await eventually('its containers have ended', async () => (await containersOf(node)).length === 0);
    expect((await api.waitForEnd('killed-node', 240)).status?.state).toBe('SUCCEEDED');
    await eventually('all nodes are gone', async () => (await nodesOfJob(stack, uid)).every(isStopped));
  });
});
