import { ApiUnderTest } from '../../functions/jobs-api/api-under-test.ts';
import { planJob } from '../../functions/plan-job/plan-job.ts';
import type { Job } from '../../shared/contract/job.ts';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import type { JobStateName } from '../../shared/core/job/job-states.ts';
import { groupKey } from '../../shared/core/keys.ts';
import type { Store } from '../../shared/ports/store.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { CAPACITY, nodesUnderTest } from './nodes-under-test.ts';

export const PASSWORD = 'projects/p1/secrets/password/versions/latest';
export const PLAIN = 'correct horse';
export const NAMED = 'battery staple';

/** Two groups; three images, of which two want a login. */
const twoGroups: Job = {
  taskGroups: [
    [
      { imageUri: 'registry.example/a', username: 'ana', password: PLAIN },
      { imageUri: 'registry.example/open' },
    ],
    [{ imageUri: 'registry.example/b', username: 'bob', password: PASSWORD }],
  ].map((containers) => ({ taskSpec: { runnables: containers.map((container) => ({ container })) } })),
};

/** A program that is cut off: nothing of what it was about to do is done. */
class Killed extends Error {}

/** A deployment whose programs can be killed before any of their calls that change something. */
export class LoginDeployment {
  readonly memory = memoryStore();
  readonly api = new ApiUnderTest(this.memory);
  /** Calls that are let through before the next one kills its program. */
  left = Number.POSITIVE_INFINITY;
  readonly store: Store = new Proxy(this.memory, {
    get: (store, name) => {
      const member = Reflect.get(store, name);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => {
        if (name === 'commit') this.#spend();
        return member.apply(store, given);
      };
    },
  });
  readonly nodes = nodesUnderTest({ ...this.api.deps, store: this.store });
  readonly ports = {
    ...this.api.deps,
    store: this.store,
    logins: this.nodes.logins,
    stopNode: async () => undefined,
    workflow: {
      start: async () => undefined,
      stageEnded: async () => undefined,
      groupReady: async () => undefined,
      groupEnded: async () => undefined,
    },
  };

  constructor() {
    const { secretsManager, ecs } = this.nodes;
    secretsManager.put('sluice/p1/password', NAMED);
    secretsManager.onCall = (call) => {
      if (!/^(Get|List|Describe)/.test(call)) this.#spend();
    };
    ecs.onCall = async (call) => {
      if (call !== 'Describe') this.#spend();
    };
  }

  #spend(): void {
    if (this.left === 0) throw new Killed();
    this.left -= 1;
  }

  get logins(): string[] {
    const names = [...this.nodes.secretsManager.secrets.keys()];
    return names.filter((name) => name.startsWith('sluice-registry-logins/'));
  }

  async create(spec = twoGroups): Promise<string> {
    const uid = await this.api.create('job', spec);
    await this.move(uid, 'SCHEDULED');
    return uid;
  }

  async move(uid: string, state: JobStateName): Promise<void> {
    await this.api.changeJob(uid, (record) => {
      record.state = state;
    });
  }

  async groups(uid: string) {
    const found = await this.memory.getMany<GroupRecord>(['group0', 'group1'].map((id) => groupKey(uid, id)));
    return found.filter((group) => group !== undefined);
  }

  plan(uid: string) {
    return planJob({ ...this.ports, prepareNodes: this.nodes.prepareNodes }, CAPACITY, uid);
  }

  /** As if all tasks had run. */
  async endGroups(uid: string): Promise<void> {
    await this.api.changeJob(uid, (record) => {
      if (record.state === 'SCHEDULED') record.state = 'RUNNING';
    });
    for (const { pk, sk, body, version } of await this.groups(uid))
      await this.memory.commit([{ pk, sk, body: { ...body, endedAt: 1 }, ifVersion: version }]);
  }

  /** Runs something that is killed at its `after + 1`th change; whether it got through. */
  async killed(after: number, run: () => Promise<unknown>): Promise<boolean> {
    this.left = after;
    try {
      await run();
      return true;
    } catch (error) {
      // A secret that could not be kept tells no more of why than the error's name.
      if (!(error instanceof Killed) && !(error as Error).message.startsWith("a registry's login"))
        throw error;
      return false;
    } finally {
      this.left = Number.POSITIVE_INFINITY;
    }
  }

  /** Kills a run at each of its changes in turn, each time in a deployment of its own. */
  static async *killedRuns(
    prepare: (deployment: LoginDeployment) => Promise<string>,
    run: (deployment: LoginDeployment, uid: string) => Promise<unknown>,
  ) {
    for (let after = 0; after < 50; after += 1) {
      const deployment = new LoginDeployment();
      const uid = await prepare(deployment);
      const isThrough = await deployment.killed(after, () => run(deployment, uid));
      yield { deployment, uid, after };
      if (isThrough) return;
    }
    throw new Error('it did not get through');
  }
}
