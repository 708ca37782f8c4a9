import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { beforeAll, expect, it } from 'vitest';
import { AwsLoginSecrets } from '../../shared/aws/login-secrets.ts';
import type { Container } from '../../shared/contract/runnable.ts';
import { STACK } from './deploy-stack.ts';
import { describeDeployed } from './describe-deployed.ts';
import { eventually, isStopped, nodesOfJob, PATIENCE } from './nodes-of-job.ts';

const PREFIX = `${STACK}-registry-logins/`;

describeDeployed('images of a registry that wants a login', (stack) => {
  const { api, clients, project, privateRegistry } = stack;
  const { username, password } = privateRegistry.login;
  const imageUri = `${privateRegistry.host}/tools/static:1`;
  const nameOf = (secret: string) => `projects/${project}/secrets/${secret}/versions/latest`;
  const named = { username: nameOf('user'), password: nameOf('password') };

  const jobOf = (...containers: Partial<Container>[]) => ({
    taskGroups: [
      {
        taskSpec: {
          runnables: containers.map((container) => ({ container: { imageUri, ...container } })),
          computeResource: { cpuMilli: 500, memoryMib: 256 },
        },
      },
    ],
  });

  const logins = new AwsLoginSecrets({ client: clients.secretsManager, prefix: PREFIX });
  /** The names of the logins that are kept for a job, as the sweep finds them. */
  async function loginsOf(uid: string): Promise<string[]> {
    const kept = (await logins.kept(1_000)).filter(({ jobUid }) => jobUid === uid);
    return kept.map(({ jobUid, order }) => `${PREFIX}${jobUid}/${order}`);
  }

  /** The history of a job that has failed. */
  async function failureOf(jobId: string): Promise<string> {
    const { status } = await api.waitForEnd(jobId, PATIENCE);
    expect(status?.state).toBe('FAILED');
    return status?.statusEvents?.at(-1)?.description ?? '';
  }

  beforeAll(async () => {
    for (const [name, SecretString] of Object.entries({ user: username, password, other: 'wrong' }))
      await clients.secretsManager.send(
        new CreateSecretCommand({ Name: `sluice/${project}/${name}`, SecretString }),
      );
  });

  it('are pulled by ECS with what secrets say, which stands in a secret of the job alone and goes with it', async () => {
    const { uid = '' } = await api.createJob('login-by-name', jobOf(named, { commands: ['sleep', '3'] }));
    const node = await eventually('a node is asked for', async () => (await nodesOfJob(stack, uid))[0]);
    expect(await loginsOf(uid)).toEqual([`${PREFIX}${uid}/0`]);
    const { taskDefinition } = await clients.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: node.taskDefinitionArn }),
    );
    const names = taskDefinition?.containerDefinitions?.flatMap(
      ({ repositoryCredentials: its }) => its?.credentialsParameter ?? [],
    );
    expect(names).toEqual([expect.stringContaining(`:secret:${PREFIX}${uid}/0`)]);
    const job = await api.waitForEnd('login-by-name', PATIENCE);
    expect(job.status?.state).toBe('SUCCEEDED');
    const { lines } = await api.outcome('login-by-name');
    expect(lines).toContain('from the image');
    expect(job.taskGroups?.[0]?.taskSpec?.runnables?.[0]?.container).toMatchObject(named);
    expect(JSON.stringify([job, taskDefinition])).not.toContain(password);
    await eventually('the login is forgotten', async () => (await loginsOf(uid)).length === 0);
  });

  it('are pulled with a login in plain', async () => {
    const { uid = '' } = await api.createJob('login-in-plain', jobOf({ username, password }));
    expect((await api.waitForEnd('login-in-plain', PATIENCE)).status?.state).toBe('SUCCEEDED');
    await eventually('the login is forgotten', async () => (await loginsOf(uid)).length === 0);
  });

  it.each<[string, Partial<Container>, RegExp]>([
    [
      'a wrong password',
      { username, password: 'wrong' },
      /lets nobody in with the container's username and password/,
    ],
    [
      'a secret that holds a wrong one',
      { ...named, password: nameOf('other') },
      /lets nobody in with the container's/,
    ],
    ['no login', {}, /the registry denies \S+ \(.*\): it is private or is not there/],
    [
      'a good login and no such image',
      { ...named, imageUri: `${privateRegistry.host}/tools/static:2` },
      /there is no image \S+static:2 in its registry/,
    ],
  ])('fail their job with a sentence for %s', async (what, container, words) => {
    const jobId = `login-${what.replace(/\W+/g, '-')}`;
    const { uid = '' } = await api.createJob(jobId, jobOf(container));
    const said = await failureOf(jobId);
    expect(said).toMatch(words);
    expect(said).not.toContain(password);
    expect(await loginsOf(uid)).toEqual([]);
  });

  it('are refused with the field that names a secret which is not there', async () => {
    const missing = { ...named, password: nameOf('nothing') };
    await expect(api.createJob('login-missing', jobOf({ commands: ['id'], ...missing }))).rejects.toThrow(
      /taskGroups\[0\]\.taskSpec\.runnables\[0\]\.container\.password/,
    );
  });

  it('leave no login when their job is cancelled', async () => {
    const { uid = '' } = await api.createJob(
      'login-cancelled',
      jobOf({ ...named, commands: ['sleep', '600'] }),
    );
    await eventually('a node is asked for', async () => (await nodesOfJob(stack, uid))[0]);
    expect(await loginsOf(uid)).toHaveLength(1);
    await api.call('POST', `${api.parent}/jobs/login-cancelled:cancel`, {});
    expect((await api.waitForEnd('login-cancelled', PATIENCE)).status?.state).toBe('CANCELLED');
    await eventually('all nodes are gone', async () => (await nodesOfJob(stack, uid)).every(isStopped));
    await eventually('the login is forgotten', async () => (await loginsOf(uid)).length === 0);
  });
});
