import { beforeEach, describe, expect, it } from 'vitest';
import { finishJob } from '../../functions/finish-job/finish-job.ts';
import { giveUpJob } from '../../functions/give-up-job/give-up-job.ts';
import { JobSpecs } from '../../functions/state-report/job-specs.ts';
import { sweepLogins } from '../../functions/sweep-jobs/sweep-logins.ts';
import type { JobStateName } from '../../shared/core/job/job-states.ts';
import { LoginDeployment, NAMED, PASSWORD, PLAIN } from './login-deployment.ts';

let deployment: LoginDeployment;
beforeEach(() => {
  deployment = new LoginDeployment();
});

describe('the logins of a job', () => {
  it('are secrets that its task definitions name, and stand nowhere else', async () => {
    const uid = await deployment.create();
    const groups = await deployment.plan(uid);
    expect(deployment.logins).toEqual([0, 1].map((order) => `sluice-registry-logins/${uid}/${order}`));
    const { secrets } = deployment.nodes.secretsManager;
    const kept = deployment.logins.map((name) => secrets.get(name));
    expect(kept.map((secret) => JSON.parse(secret?.text ?? ''))).toEqual([
      { username: 'ana', password: PLAIN },
      { username: 'bob', password: NAMED },
    ]);
    const named = groups.map(({ launch }) => {
      const made = deployment.nodes.ecs.registered.get(launch?.taskDefinition ?? '');
      return made?.containerDefinitions?.flatMap(
        (one) => one.repositoryCredentials?.credentialsParameter ?? [],
      );
    });
    expect(named).toEqual(kept.map((secret) => [secret?.arn]));
    const { json } = await deployment.api.send('GET', 'projects/p1/locations/us-central1/jobs/job');
    expect(json.taskGroups[1].taskSpec.runnables[0].container).toMatchObject({ password: PASSWORD });
    const changes = await deployment.memory.changes(0, 1_000);
    const written = JSON.stringify([changes, groups, [...deployment.nodes.ecs.registered], json]);
    expect(written).not.toContain(NAMED);
    // In plain it stands where its user wrote it, and nowhere else.
    expect(JSON.stringify([groups, [...deployment.nodes.ecs.registered]])).not.toContain(PLAIN);
  });

  it('are told to no node', async () => {
    const uid = await deployment.create();
    const groups = await deployment.plan(uid);
    const specs = new JobSpecs(deployment.store);
    const told = await Promise.all(groups.map((group) => specs.group(group)));
    expect(JSON.stringify(told)).toContain('registry.example/b');
    expect(JSON.stringify(told)).not.toMatch(/horse|ana|bob|secrets/);
  });

  it('that the registry does not take end the plan before anything is kept', async () => {
    const wrong = { imageUri: 'registry.example/a', username: 'ana', password: 'wrong' };
    const uid = await deployment.create({
      taskGroups: [{ taskSpec: { runnables: [{ container: wrong }] } }],
    });
    await expect(deployment.plan(uid)).rejects.toMatchObject({
      name: 'ImageError',
      message: "the registry of registry.example/a lets nobody in with the container's username and password",
    });
    expect(deployment.logins).toEqual([]);
  });

  it('that name no secret end the plan with the path of the field', async () => {
    const uid = await deployment.create();
    deployment.nodes.secretsManager.secrets.delete('sluice/p1/password');
    await expect(deployment.plan(uid)).rejects.toMatchObject({
      name: 'ImageError',
      message: `taskGroups[1].taskSpec.runnables[0].container.password: ${PASSWORD} is not there`,
    });
    // Those of the group before it go with the job.
    await giveUpJob(deployment.ports, uid, 'no');
    expect(deployment.logins).toEqual([]);
  });

  it('are forgotten when the job has ended', async () => {
    const uid = await deployment.create();
    await deployment.plan(uid);
    await deployment.endGroups(uid);
    await finishJob(deployment.ports, uid);
    expect(deployment.logins).toEqual([]);
  });

  it('cost a job without any no call', async () => {
    const uid = await deployment.create({
      taskGroups: [{ taskSpec: { runnables: [{ script: { text: ':' } }] } }],
    });
    await deployment.plan(uid);
    await deployment.move(uid, 'CANCELLED');
    await finishJob(deployment.ports, uid);
    expect(deployment.nodes.secretsManager.calls).toEqual([]);
  });
});

describe('wherever a plan is cut off', () => {
  const create = (one: LoginDeployment) => one.create();
  const plan = (one: LoginDeployment, uid: string) => one.plan(uid);

  it('the next one has the same secrets, and the job leaves none', async () => {
    let cuts = 0;
    for await (const { deployment: one, uid } of LoginDeployment.killedRuns(create, plan)) {
      const groups = await one.plan(uid);
      expect(groups.map(({ launch }) => launch !== undefined)).toEqual([true, true]);
      expect(one.logins).toHaveLength(2);
      await one.endGroups(uid);
      await finishJob(one.ports, uid);
      expect(one.logins).toEqual([]);
      cuts += 1;
    }
    // Two secrets, two task definitions with the notes of them, and the plan itself.
    expect(cuts).toBeGreaterThan(6);
  });

  it('a job that is given up leaves no secret, however giving up is cut off', async () => {
    for await (const cut of LoginDeployment.killedRuns(create, plan)) {
      const giveUp = LoginDeployment.killedRuns(
        async (one) => {
          const uid = await one.create();
          await one.killed(cut.after, () => one.plan(uid));
          return uid;
        },
        (one, uid) => giveUpJob(one.ports, uid, 'no'),
      );
      for await (const { deployment: one, uid } of giveUp) {
        await giveUpJob(one.ports, uid, 'no');
        expect(one.logins, `a plan cut off at ${cut.after}`).toEqual([]);
      }
    }
  });

  it('and the job is cancelled, the next plan leaves no secret', async () => {
    for await (const { deployment: one, uid } of LoginDeployment.killedRuns(create, plan)) {
      const isPlanned = (await one.groups(uid)).length === 2;
      await one.move(uid, 'CANCELLATION_IN_PROGRESS');
      await one.plan(uid);
      expect(one.logins).toHaveLength(isPlanned ? 2 : 0);
      if (isPlanned) await one.endGroups(uid);
      await finishJob(one.ports, uid);
      expect(one.logins).toEqual([]);
    }
  });
});

describe('wherever the end of a job is cut off', () => {
  it.each<JobStateName>(['RUNNING', 'CANCELLATION_IN_PROGRESS', 'DELETION_IN_PROGRESS'])(
    'of one that is %s, the next call leaves no secret',
    async (state) => {
      const ended = LoginDeployment.killedRuns(
        async (one) => {
          const uid = await one.create();
          await one.plan(uid);
          await one.endGroups(uid);
          await one.move(uid, state);
          return uid;
        },
        (one, uid) => finishJob(one.ports, uid),
      );
      let cuts = 0;
      for await (const { deployment: one, uid } of ended) {
        await finishJob(one.ports, uid);
        expect(one.logins).toEqual([]);
        cuts += 1;
      }
      expect(cuts).toBeGreaterThan(3);
    },
  );
});

describe('a plan that comes too late', () => {
  /** Plans while, at the moment that the first secret is to be made, somebody else does something. */
  async function planMeanwhile(meanwhile: (uid: string) => Promise<void>) {
    const uid = await deployment.create();
    const { secretsManager } = deployment.nodes;
    const { onCall } = secretsManager;
    secretsManager.onCall = async (call) => {
      if (!call.startsWith('Create')) return;
      secretsManager.onCall = onCall;
      await meanwhile(uid);
    };
    await deployment.plan(uid);
    return uid;
  }

  it.each<JobStateName>(['FAILED', 'CANCELLED', 'CANCELLATION_IN_PROGRESS'])(
    'for a job that is %s by then takes back what it kept',
    async (state) => {
      await planMeanwhile((uid) => deployment.move(uid, state));
      expect(deployment.logins).toEqual([]);
    },
  );

  it('for a job that another has planned and ended takes back what it kept', async () => {
    await planMeanwhile(async (uid) => {
      await deployment.plan(uid);
      await deployment.endGroups(uid);
      await finishJob(deployment.ports, uid);
    });
    expect(deployment.logins).toEqual([]);
  });

  it('for a job that is gone takes back what it kept', async () => {
    await planMeanwhile(async (uid) => {
      await deployment.move(uid, 'DELETION_IN_PROGRESS');
      await finishJob(deployment.ports, uid);
    });
    expect(deployment.logins).toEqual([]);
  });

  it('and is cut off is made good by the sweep', async () => {
    const uid = await deployment.create();
    await deployment.killed(1, () => deployment.plan(uid));
    expect(deployment.logins).toHaveLength(1);
    await deployment.move(uid, 'FAILED');
    const clock = { ...deployment.api.deps.clock, now: () => 3600 * 1000 };
    await sweepLogins({ store: deployment.store, clock, logins: deployment.nodes.logins });
    expect(deployment.logins).toEqual([]);
  });
});
