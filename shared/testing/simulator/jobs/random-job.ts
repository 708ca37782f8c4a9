import type { Job } from '../../../contract/job.ts';
import type { LifecyclePolicy } from '../../../contract/lifecycle-policy.ts';
import type { Runnable } from '../../../contract/runnable.ts';
import type { TaskGroup } from '../../../contract/task-group.ts';
import type { TaskSpec } from '../../../contract/task-spec.ts';
import { programText } from '../nodes/drawn-program.ts';
import type { SeededRandom } from '../seeded-random.ts';
import { GROUPS_AT_MOST } from './random-limits.ts';

/** A job such as a client may send. `most`: tasks of a group at most. */
export function randomJob(random: SeededRandom, most: number): Job {
  const groups = random.chance(0.25) ? random.between(2, GROUPS_AT_MOST) : 1;
  return {
    priority: String(random.between(0, 3)),
    taskGroups: Array.from({ length: groups }, (_, order) =>
      withOrder(random, withNames(random, randomGroup(random, Math.ceil(most / groups)), order), order),
    ),
    logsPolicy: { destination: 'CLOUD_LOGGING' },
  };
}

function randomGroup(random: SeededRandom, most: number): TaskGroup {
  const taskCount = random.chance(0.4) ? random.between(1, 5) : random.between(1, most);
  const isInOrder = random.chance(0.1);
  return {
    taskCount: String(taskCount),
    ...(isInOrder ? { schedulingPolicy: 'IN_ORDER' as const } : {}),
    ...(isInOrder || random.chance(0.1) ? {} : { parallelism: String(random.between(1, 8)) }),
    ...(random.chance(0.2) ? {} : { taskCountPerNode: String(random.between(1, 4)) }),
    ...(random.chance(0.2) ? { failFast: true } : {}),
    taskSpec: randomSpec(random),
  };
}

function randomSpec(random: SeededRandom): TaskSpec {
  const meanMs = random.pick([2, 20, 200, 1_000]);
  const failRate = random.pick([0, 0, 0.02, 0.1, 0.4]);
  const runnables = randomRunnables(random, () => ({ script: { text: programText({ meanMs, failRate }) } }));
  const policy = randomPolicy(random);
  return {
    runnables,
    maxRetryCount: random.between(0, 3),
    ...(policy === undefined ? {} : { lifecyclePolicies: [policy] }),
    ...(random.chance(0.1) ? { maxRunDuration: `${random.between(1, 10)}s` } : {}),
  };
}

/** One to four stages of any number of runnables: barriers come first, last and side by side as well. */
function randomRunnables(random: SeededRandom, script: () => Runnable): Runnable[] {
  const runnables: Runnable[] = [];
  const stages = random.pick([1, 1, 2, 3, 4]);
  for (let stage = 1; stage <= stages; stage += 1) {
    for (let left = random.between(0, 2); left > 0; left -= 1) {
      runnables.push({ ...script(), ...randomFlags(random) });
    }
    if (stage < stages) runnables.push({ barrier: {} });
  }
  if (runnables.length === 0) runnables.push(script());
  if (random.chance(0.2)) runnables.push({ ...script(), alwaysRun: true });
  return runnables;
}

/** Some groups wait for one before them. */
function withOrder(random: SeededRandom, group: TaskGroup, order: number): TaskGroup {
  if (order === 0 || random.chance(0.4)) return group;
  const need = random.pick(['SUCCEEDED', 'FAILED', 'FINISHED'] as const);
  return { ...group, dependsOn: { [`group${random.between(0, order - 1)}`]: need } };
}

/** Display names are unique in a job. */
function withNames(random: SeededRandom, group: TaskGroup, order: number): TaskGroup {
  const runnables = (group.taskSpec?.runnables ?? []).map((runnable, at) =>
    random.chance(0.1) ? { ...runnable, displayName: `step ${at} of group ${order}` } : runnable,
  );
  return { ...group, taskSpec: { ...group.taskSpec, runnables } };
}

function randomFlags(random: SeededRandom): Runnable {
  return {
    ...(random.chance(0.1) ? { background: true } : {}),
    ...(random.chance(0.15) ? { alwaysRun: true } : {}),
    ...(random.chance(0.15) ? { ignoreExitStatus: true } : {}),
    ...(random.chance(0.05) ? { timeout: `${random.between(1, 3)}s` } : {}),
  };
}

const policyCodes = [1, 2, 3, 137, 50001, 50002, 50005, 50006] as const;

function randomPolicy(random: SeededRandom): LifecyclePolicy | undefined {
  if (random.chance(0.4)) return undefined;
  const exitCodes = policyCodes.filter(() => random.chance(0.4));
  return {
    action: random.pick(['RETRY_TASK', 'FAIL_TASK']),
    actionCondition: { exitCodes: exitCodes.length > 0 ? exitCodes : [1] },
  };
}
