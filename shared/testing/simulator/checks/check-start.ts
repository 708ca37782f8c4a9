import type { Runnable } from '../../../contract/runnable.ts';
import type { VirtualMachines } from '../nodes/virtual-machines.ts';
import type { VirtualNode } from '../nodes/virtual-node.ts';
import type { Verdict } from '../world.ts';
import type { AttemptRun } from './attempt-run.ts';
import type { Records } from './records.ts';

/** A runnable that is about to start. */
interface Start {
  readonly place: string;
  readonly runnables: readonly Runnable[];
  readonly run: AttemptRun;
  readonly node: VirtualNode;
  readonly taskId: string;
  /** Counts from 0. */
  readonly runnable: number;
}

interface Context {
  readonly verdict: Verdict;
  readonly records: Records;
  readonly machines: VirtualMachines;
}

/** What must hold when a runnable starts: its turn has come, its barriers are open, and there is room. */
export function checkStart(context: Context, start: Start): void {
  checkTurn(context, start);
  checkBarriers(context, start);
  if (start.runnables[start.runnable]?.background !== true) checkRoom(context, start);
}

function checkTurn({ verdict }: Context, { run, runnables, taskId, runnable }: Start): void {
  const what = `${taskId} runnable ${runnable}`;
  verdict.expect(!run.started.has(runnable), 'a runnable starts once in an attempt', () => what);
  const wish = runnables[runnable];
  const mayStart = run.failures.size === 0 || wish?.alwaysRun === true;
  verdict.expect(mayStart, 'after a failure only alwaysRun starts', () => what);
  const before = run.missing(runnables, runnable);
  // After a failure others are passed over, and so do not have to have run.
  const running = before.filter((at) => run.started.has(at) || !run.hasFailed);
  verdict.expect(
    running.length === 0,
    'runnables start in their order',
    () => `${what} starts before ${running.join()} are through`,
  );
}

function checkBarriers(
  { verdict, records }: Context,
  { place, run, runnables, taskId, runnable }: Start,
): void {
  if (run.hasFailed) return;
  const barrier = runnables.findLastIndex((one, at) => at < runnable && one.barrier !== undefined) + 1;
  const reached = records.groups.get(place)?.reachedBarrier ?? 0;
  verdict.expect(
    barrier <= reached,
    'nothing after a barrier starts before it opens',
    () => `${taskId} runnable ${runnable} starts behind barrier ${barrier}, and ${reached} is open`,
  );
}

/** On nodes whose word counts, no more tasks run than the group's parallelism, nor on one node than its slots. */
function checkRoom({ verdict, records, machines }: Context, { place, node, taskId }: Start): void {
  const group = records.groups.get(place);
  const [uid = '', groupId = ''] = place.split('/');
  const wish = records.spec(uid).taskGroups?.[Number(groupId.slice('group'.length))];
  if (group === undefined || wish === undefined) return;
  const running = (of: VirtualNode) => {
    const tasks = of.runner.processes.filter(({ isBackground }) => !isBackground).map((one) => one.taskId);
    if (of === node) tasks.push(taskId);
    return new Set(tasks).size;
  };
  const slots = records.seats(place).get(node.request.seat)?.slots ?? 0;
  verdict.expect(
    running(node) <= slots,
    'a node runs no more tasks than it has slots',
    () => `${node.request.instance} runs ${running(node)} tasks in ${slots} slots`,
  );
  const total = machines
    .up()
    .filter(
      (other) =>
        `${other.request.jobUid}/${other.request.groupId}` === place && counts(records, place, other),
    )
    .reduce((sum, other) => sum + running(other), 0);
  const limit = Number(wish.parallelism ?? wish.taskCount);
  verdict.expect(
    total <= limit,
    'no more tasks run than the parallelism',
    () => `${place} runs ${total} tasks, and ${limit} may run at once`,
  );
}

/** Whether a node's word still counts: its seat has no later node and has not given it up. */
function counts(records: Records, place: string, node: VirtualNode): boolean {
  const seat = records.seats(place).get(node.request.seat);
  return (
    seat !== undefined && seat.epoch === node.request.epoch && seat.tokenHash !== '' && !node.isDeclaredGone
  );
}
