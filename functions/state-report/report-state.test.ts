import { beforeEach, describe, expect, it } from 'vitest';
import { acceptJob } from '../../shared/contract/job-rules.ts';
import type { ReportAgentStateRequest } from '../../shared/contract/report.ts';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import type { JobRecord } from '../../shared/core/job/job-record.ts';
import { groupKey, seatKey, taskKey } from '../../shared/core/keys.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { TaskRecord } from '../../shared/core/task/task-record.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ringingClock } from '../../shared/testing/ringing-clock.ts';
import { planJob } from '../plan-job/plan-job.ts';
import { launchNode } from '../run-nodes/launch-node.ts';
import { loseNode } from '../run-nodes/lose-node.ts';
import { newJobWrites } from '../write-job.ts';
import { JobSpecs } from './job-specs.ts';
import { reportState } from './report-state.ts';

const uid = 'job-1';
const clock = ringingClock(() => 1000);
const place = { zone: 'local-a', machineType: 'local' };
const capacity = { nodeCores: 2, maxNodes: 8 };
let store = memoryStore();
let group: GroupRecord;
beforeEach(() => {
  store = memoryStore();
});

/** Plans a job of `group` and returns the tokens of a node in each seat. */
async function planned(wish: object): Promise<string[]> {
  const runnables = [{ script: { text: ':' } }, { barrier: {} }, { script: { text: ':' } }];
  const { job, given } = acceptJob({ taskGroups: [{ taskSpec: { runnables, maxRetryCount: 1 }, ...wish }] });
  const record: JobRecord = {
    ...{
      uid,
      project: 'p',
      location: 'l',
      jobId: 'job',
      spec: job,
      state: 'SCHEDULED',
      cpuGiven: given.cpuMilli,
    },
    ...{ createdAt: 0, updatedAt: 0, events: [], operations: [] },
  };
  await store.commit(newJobWrites(record));
  const [first] = await planJob({ store, clock }, capacity, uid);
  if (first === undefined) throw new Error('no plan');
  group = first;
  const seats = Array.from({ length: first.seatCount }, (_, seat) => seat);
  return Promise.all(seats.map((seat) => launch(seat)));
}

const launch = async (seat: number) =>
  (await launchNode({ store, clock, random: () => 0.5 }, group, seat, place)).token;

type Said = { index: number; attempt?: number; state: string; runnable?: number; exitCode?: number };

function report(token: string, tasks: Said[], info: ReportAgentStateRequest['agentInfo'] = {}) {
  return reportState({ store, clock, random: () => 0.5, specs: new JobSpecs(store) }, `Bearer ${token}`, {
    agentInfo: {
      state: 'AGENT_RUNNING',
      taskQueueSize: 0,
      tasks: tasks.map(({ index, attempt = 0, state, runnable = 1, exitCode }) => ({
        taskId: `task/${uid}-group0-${index}/${attempt}/0`,
        runnable: String(runnable),
        taskStatus: {
          state: state as 'RUNNING',
          statusEvents:
            exitCode === undefined
              ? []
              : [{ taskState: 'FAILED', eventTime: '1970-01-01T00:00:01Z', taskExecution: { exitCode } }],
        },
      })),
      ...info,
    },
    metadata: { instance: 'node', instanceId: '7', zone: 'local-a', machineType: 'local' },
  });
}

const given = async (answer: ReturnType<typeof report>) =>
  ((await answer).tasks ?? []).map((task) => `${task.task?.split('-').at(-1)} ${task.intendedState}`);
const seatAt = async (seat: number) => (await store.get<SeatRecord>(seatKey(uid, 'group0', seat)))?.body;
const taskAt = async (index: number) => (await store.get<TaskRecord>(taskKey(uid, 'group0', index)))?.body;

describe('an honest node', () => {
  it('is given as many tasks as it has slots, and further ones as these end', async () => {
    const [token = ''] = await planned({ taskCount: 5, parallelism: 2 });
    expect(await given(report(token, []))).toEqual(['0/0/0 ASSIGNED', '1/0/0 ASSIGNED']);
    const running = { index: 1, state: 'RUNNING' };
    expect(await given(report(token, [{ index: 0, state: 'FAILED', exitCode: 4 }, running]))).toEqual([
      '0/0/0 DELETED',
      '0/1/0 ASSIGNED',
    ]);
    expect((await taskAt(0))?.attempts[0]).toMatchObject({ outcome: 'FAILED', exitCode: 4, startedAt: 1000 });
  });

  it('is given a queue beyond its slots when it asks for one', async () => {
    const [token = ''] = await planned({ taskCount: 9, parallelism: 2 });
    expect(await given(report(token, [], { taskQueueSize: 3 }))).toHaveLength(5);
  });

  it('gets the variables of both services with each task, and the spec once', async () => {
    const [token = ''] = await planned({
      taskEnvironments: [{ variables: { SAMPLE: 'a', BATCH_TASK_INDEX: '9' } }],
    });
    const answer = await report(token, [], { needsAssignment: true });
    expect(answer.assignment).toMatchObject({ jobUid: uid, jobId: 'job', groupId: 'group0', taskSlots: 1 });
    expect(answer.tasks?.[0]?.spec).toBeUndefined();
    expect(answer.tasks?.[0]?.environment?.variables).toMatchObject({
      SAMPLE: 'a',
      BATCH_TASK_INDEX: '0',
      BATCH_TASK_INSTANCE_NUM: '1',
      BATCH_JOB_UID: uid,
    });
  });

  it('parks at a barrier, without a slot', async () => {
    const [token = ''] = await planned({ taskCount: 3, parallelism: 1 });
    await report(token, []);
    expect(await given(report(token, [{ index: 0, state: 'RUNNING', runnable: 2 }]))).toEqual([
      '0/0/0 ASSIGNED',
      '1/0/0 ASSIGNED',
    ]);
    expect((await seatAt(0))?.parked).toEqual({ 2: [[0, 1, 1]] });
  });

  it('of a large group asks sooner when all that it holds waits at a barrier', async () => {
    const [token = ''] = await planned({ taskCount: 2, parallelism: 1 });
    const item = await store.get<GroupRecord>(groupKey(uid, 'group0'));
    if (item === undefined) throw new Error('no group');
    await store.commit([{ ...item, body: { ...item.body, seatCount: 5_000 }, ifVersion: item.version }]);
    const waits = (index: number) => ({ index, state: 'RUNNING', runnable: 2 });
    await report(token, []);
    expect(await report(token, [waits(0)])).toMatchObject({ defaultReportInterval: '100s' });
    expect(await report(token, [waits(0), waits(1)])).toMatchObject({ defaultReportInterval: '25s' });
  });

  it('whose seat is dry takes half of what the fullest has not started', async () => {
    const [first = '', second = ''] = await planned({ taskCount: 20, parallelism: 4 });
    await report(first, []);
    for (const index of [1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) {
      await report(second, []);
      await report(second, [{ index, state: 'SUCCEEDED' }]);
    }
    // Seat 0 began with ten tasks and has two of them on its node: four of the other eight have changed seats.
    expect((await seatAt(1))?.active.map((task) => task.index)).toEqual([12, 14]);
    expect((await seatAt(0))?.unstarted).toEqual([[4, 4, 2]]);
  });
});

describe('reports that are lost, repeated or late', () => {
  it('gives a task again when the answer that gave it was lost', async () => {
    const [token = ''] = await planned({ taskCount: 1 });
    await report(token, []);
    expect(await given(report(token, []))).toEqual(['0/0/0 ASSIGNED']);
  });

  it('changes nothing when an end is reported twice', async () => {
    const [token = ''] = await planned({ taskCount: 2, parallelism: 1 });
    await report(token, []);
    const end = [{ index: 0, state: 'SUCCEEDED' }];
    await report(token, end);
    expect(await given(report(token, end))).toContain('0/0/0 DELETED');
    expect((await seatAt(0))?.ended).toEqual({ succeeded: 1, failed: 0, unexecuted: 0 });
  });

  it('changes nothing when a late report speaks of an attempt that is over', async () => {
    const [token = ''] = await planned({ taskCount: 1 });
    await report(token, []);
    await report(token, [{ index: 0, state: 'FAILED', exitCode: 1 }]);
    expect(await given(report(token, [{ index: 0, attempt: 0, state: 'SUCCEEDED' }]))).toContain(
      '0/0/0 DELETED',
    );
    expect((await taskAt(0))?.state).toBe('PENDING');
  });
});

describe('who may report', () => {
  it('fences off the node of an older epoch', async () => {
    const [old = ''] = await planned({ taskCount: 1 });
    await report(old, []);
    await loseNode({ store, clock }, { jobUid: uid, groupId: 'group0', seat: 0, epoch: 1 }, 'SILENT');
    await expect(report(old, [])).rejects.toMatchObject({ status: 'FAILED_PRECONDITION' });
    const next = await launch(0);
    await expect(report(old, [{ index: 0, state: 'SUCCEEDED' }])).rejects.toMatchObject({
      status: 'FAILED_PRECONDITION',
      message: expect.stringContaining('epoch 2'),
    });
    expect(await given(report(next, []))).toEqual(['0/0/0 ASSIGNED']);
  });

  it.each([
    ['no token', ''],
    ['a token of somebody else', 'abc'],
    ['a token for the right seat with another secret', `sluice.${uid}.group0.0.1.guessed`],
  ])('refuses %s', async (_, token) => {
    await planned({ taskCount: 1 });
    await expect(report(token, [])).rejects.toMatchObject({ status: 'UNAUTHENTICATED' });
  });

  it('sends nodes home when the group has ended', async () => {
    const [token = ''] = await planned({ taskCount: 1 });
    const key = groupKey(uid, 'group0');
    await store.commit([{ ...key, body: { ...group, endedAt: 5 }, ifVersion: 1 }]);
    await expect(report(token, [])).rejects.toMatchObject({ status: 'FAILED_PRECONDITION' });
  });
});

it('a node that stops takes nothing with it: what it had not started is given to the next as it was', async () => {
  const [token = ''] = await planned({ taskCount: 2, parallelism: 2 });
  await report(token, []);
  await report(token, [{ index: 0, state: 'RUNNING' }], { state: 'AGENT_STOPPED' });
  const seat = await seatAt(0);
  expect(seat?.active).toEqual([]);
  expect(seat?.retries).toEqual([{ index: 0, attempt: 1, recorded: true }]);
  expect(seat?.unstarted).toEqual([[1, 1, 1]]);
});
