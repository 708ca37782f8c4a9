import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { pathsOf } from '../../cdk/constructs/api-access.ts';
import type { BatchApi } from '../../shared/testing/acceptance/batch-api.ts';
import { describeDeployed } from './describe-deployed.ts';
import { PATIENCE } from './nodes-of-job.ts';
import { type Right, userForTest } from './user-for-test.ts';

const sleeping = { taskGroups: [{ taskSpec: { runnables: [{ script: { text: 'sleep 600' } }] } }] };
const short = { taskGroups: [{ taskSpec: { runnables: [{ script: { text: 'echo done' } }] } }] };
const REFUSED = /^PERMISSION_DENIED: .*not authorized to perform: execute-api:Invoke on resource/;

describeDeployed('a user of the account', ({ api, apiAs, clients, outputs, target, project }) => {
  const as = async (right?: Right) => apiAs(await userForTest(clients, right));
  const { parent } = api;
  const to = (who: BatchApi) => ({
    list: () => who.call('GET', `${parent}/jobs`),
    create: (id: string) => who.createJob(id, sleeping),
    tasks: (id: string) => who.tasks(id),
    lines: (id: string) => who.lines(id),
    cancel: (id: string, colon = ':') => who.call('POST', `${parent}/jobs/${id}${colon}cancel`, {}),
    delete: (id: string) => who.call('DELETE', `${parent}/jobs/${id}`),
  });

  it('without a policy is refused everything', async () => {
    const nobody = await as();
    await expect(to(nobody).list()).rejects.toThrow(REFUSED);
    await expect(to(nobody).create('by-nobody')).rejects.toThrow(REFUSED);
  });

  it('with the policy ReadOnlyPolicy gets and lists, and is refused to create, cancel and delete', async () => {
    await api.createJob('watched', short);
    await api.waitForEnd('watched', PATIENCE);
    const reader = await as(outputs.ReadOnlyPolicy);
    expect((await reader.getJob('watched')).status?.state).toBe('SUCCEEDED');
    expect(await to(reader).list()).toMatchObject({
      jobs: expect.arrayContaining([expect.objectContaining({ name: `${parent}/jobs/watched` })]),
    });
    expect(await to(reader).tasks('watched')).toHaveLength(1);
    expect(await to(reader).lines('watched')).toEqual(['done']);
    await expect(to(reader).create('by-reader')).rejects.toThrow(REFUSED);
    await expect(to(reader).cancel('watched')).rejects.toThrow(REFUSED);
    await expect(to(reader).cancel('watched', '%3A')).rejects.toThrow(REFUSED);
    await expect(to(reader).delete('watched')).rejects.toThrow(REFUSED);
    expect((await api.getJob('watched')).status?.state).toBe('SUCCEEDED');
    await expect(api.getJob('by-reader')).rejects.toThrow(/^NOT_FOUND/);
  });

  it('with the policy FullAccessPolicy creates, cancels and deletes too', async () => {
    const owner = await as(outputs.FullAccessPolicy);
    await to(owner).create('owned');
    await to(owner).cancel('owned');
    expect((await owner.waitForEnd('owned', PATIENCE)).status?.state).toBe('CANCELLED');
    await to(owner).delete('owned');
  });

  /** The policy of docs/access.md, for a job of this deployment. */
  function documented(jobId: string): Right {
    const page = readFileSync('docs/access.md', 'utf8');
    const [, json = ''] = /```json\n(.*?)```/s.exec(page) ?? [];
    const policy = json
      .replaceAll('us-east-1:123456789012:API_ID', `${target.region}:${target.account}:${outputs.ApiId}`)
      .replaceAll('projects/p/locations/us-central1/', `${parent}/`)
      .replaceAll('nightly', jobId);
    return JSON.parse(policy) as Right;
  }

  /** The policy that `access.grant` writes. */
  function granted(to: 'read' | 'full', jobId: string): Right {
    const api = `arn:aws:execute-api:${target.region}:${target.account}:${outputs.ApiId}/prod`;
    const paths = pathsOf({ project, location: target.region, jobId });
    const resources = paths.map((path) => `${api}/${to === 'read' ? 'GET' : '*'}/${path}`);
    const statement = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: resources };
    return { Version: '2012-10-17', Statement: [statement] };
  }

  it.each([
    ['docs/access.md has it', documented, ':'],
    ['access.grant writes it', (jobId: string) => granted('full', jobId), '%3A'],
  ])(
    'with a policy for one job, as %s, does all to that job and nothing to another',
    async (_, policyFor, colon) => {
      const id = `mine-${crypto.randomUUID().slice(0, 4)}`;
      await Promise.all([api.createJob(id, sleeping), api.createJob(`${id}-2`, sleeping)]);
      onTestFinished(async () => void (await to(api).delete(`${id}-2`)));
      const user = await as(policyFor(id));
      expect(await user.getJob(id)).toMatchObject({ name: `${parent}/jobs/${id}` });
      expect(await to(user).tasks(id)).toHaveLength(1);
      await expect(to(user).list()).rejects.toThrow(REFUSED);
      await expect(to(user).create('another')).rejects.toThrow(REFUSED);
      for (const what of [to(user).tasks, to(user).lines, to(user).cancel, to(user).delete])
        await expect(what(`${id}-2`)).rejects.toThrow(REFUSED);
      await expect(user.getJob(`${id}-2`)).rejects.toThrow(REFUSED);
      await to(user).cancel(id, colon);
      expect((await user.waitForEnd(id, PATIENCE)).status?.state).toBe('CANCELLED');
      await to(user).delete(id);
    },
  );

  it('with a policy to read one job gets it, and is refused to cancel it', async () => {
    await api.createJob('read-only', short);
    const user = await as(granted('read', 'read-only'));
    expect((await user.waitForEnd('read-only', PATIENCE)).status?.state).toBe('SUCCEEDED');
    expect(await to(user).tasks('read-only')).toHaveLength(1);
    await expect(to(user).cancel('read-only')).rejects.toThrow(REFUSED);
    await expect(to(user).delete('read-only')).rejects.toThrow(REFUSED);
    await expect(to(user).list()).rejects.toThrow(REFUSED);
  });
});
