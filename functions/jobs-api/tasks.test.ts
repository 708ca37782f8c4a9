import { describe, expect, it } from 'vitest';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import type { ActiveTask } from '../../shared/core/seat/seat-record.ts';
import type { Attempt, TaskRecord } from '../../shared/core/task/task-record.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ApiUnderTest, aJob, aNode, PARENT, START } from './api-under-test.ts';

const TASKS = `${PARENT}/jobs/j1/taskGroups/group0/tasks`;
const ON = 'on zones/local-a/instances/1234';

const active = (task: Partial<ActiveTask> = {}): ActiveTask => ({
  index: 1,
  attempt: 0,
  recorded: false,
  assignedAt: START,
  runnable: 0,
  ...task,
});
const attempt = (parts: Partial<Attempt> = {}): Attempt => ({
  attempt: 0,
  zone: 'local-a',
  instanceId: '1234',
  assignedAt: START,
  startedAt: START + 1,
  ...parts,
});
const failed = attempt({ endedAt: START + 2, outcome: 'FAILED', exitCode: 127 });

interface Case {
  readonly name: string;
  readonly record?: Omit<TaskRecord, 'index'>;
  readonly task?: ActiveTask;
  readonly group?: Partial<GroupRecord>;
  readonly state: string;
  readonly events?: readonly string[];
}

const cases: Case[] = [
  { name: 'not tried yet', state: 'PENDING' },
  {
    name: 'never tried in a stopped group',
    group: { stop: { kind: 'FAIL_FAST', task: 0 } },
    state: 'UNEXECUTED',
  },
  { name: 'never tried in an ended group', group: { endedAt: START }, state: 'UNEXECUTED' },
  {
    name: 'given to a node',
    task: active(),
    state: 'ASSIGNED',
    events: [`Task state is updated from PENDING to ASSIGNED ${ON}.`],
  },
  {
    name: 'running',
    task: active({ startedAt: START + 1 }),
    state: 'RUNNING',
    events: [
      `Task state is updated from PENDING to ASSIGNED ${ON}.`,
      `Task state is updated from ASSIGNED to RUNNING ${ON}.`,
    ],
  },
  {
    name: 'running in a group that stops',
    task: active({ startedAt: START + 1 }),
    group: { stop: { kind: 'CANCELLED' } },
    state: 'RUNNING',
  },
  {
    name: 'running with custom events on record',
    record: { state: 'RUNNING', attempts: [attempt({ events: [[START + 5, 'half way']] })] },
    task: active({ recorded: true, startedAt: START + 1 }),
    state: 'RUNNING',
    events: [
      `Task state is updated from PENDING to ASSIGNED ${ON}.`,
      `Task state is updated from ASSIGNED to RUNNING ${ON}.`,
      'half way',
    ],
  },
  {
    name: 'at a barrier',
    record: { state: 'RUNNING', attempts: [attempt()] },
    state: 'RUNNING',
  },
  {
    name: 'between two attempts',
    record: { state: 'PENDING', attempts: [failed] },
    state: 'PENDING',
    events: [
      `Task state is updated from PENDING to ASSIGNED ${ON}.`,
      `Task state is updated from ASSIGNED to RUNNING ${ON}.`,
      `Task state is updated from RUNNING to FAILED ${ON} with exit code 127.`,
    ],
  },
  {
    name: 'given to a node once more',
    record: { state: 'PENDING', attempts: [failed] },
    task: active({ attempt: 1, recorded: true, assignedAt: START + 9 }),
    state: 'ASSIGNED',
    events: [
      `Task state is updated from PENDING to ASSIGNED ${ON}.`,
      `Task state is updated from ASSIGNED to RUNNING ${ON}.`,
      `Task state is updated from RUNNING to FAILED ${ON} with exit code 127.`,
      `Task state is updated from PENDING to ASSIGNED ${ON}.`,
    ],
  },
  {
    name: 'ended while an older seat was read',
    record: { state: 'SUCCEEDED', attempts: [attempt({ endedAt: START + 2, outcome: 'SUCCEEDED' })] },
    task: active({ startedAt: START + 1 }),
    state: 'SUCCEEDED',
    events: [
      `Task state is updated from PENDING to ASSIGNED ${ON}.`,
      `Task state is updated from ASSIGNED to RUNNING ${ON}.`,
      `Task state is updated from RUNNING to SUCCEEDED ${ON}.`,
    ],
  },
  { name: 'failed', record: { state: 'FAILED', attempts: [failed] }, state: 'FAILED' },
  {
    name: 'stopped between two attempts',
    record: {
      state: 'FAILED',
      attempts: [failed],
      stopped: { at: START + 9, from: 'PENDING', reason: 'the job being cancelled' },
    },
    group: { stop: { kind: 'CANCELLED' } },
    state: 'FAILED',
  },
];

async function planned(group: object = { taskCount: 3 }): Promise<{ api: ApiUnderTest; uid: string }> {
  const api = new ApiUnderTest(memoryStore());
  const uid = await api.create('j1', aJob(group));
  await api.plan(uid);
  return { api, uid };
}

describe('tasks', () => {
  it.each(cases)('$name: $state', async ({ record, task, group, state, events }) => {
    const { api, uid } = await planned();
    await api.changeSeat(uid, 0, (seat) => {
      seat.node = aNode;
      seat.unstarted = [[0, 1, 1]];
      if (task !== undefined) seat.active = [task];
    });
    if (record !== undefined) await api.putTask(uid, { index: 1, ...record });
    await api.changeGroup(uid, (found) => Object.assign(found, group));

    const { json } = await api.send('GET', `${TASKS}/1`);
    expect(json).toMatchObject({ name: `${TASKS}/1`, status: { state } });
    if (events !== undefined) {
      const described = json.status.statusEvents.map((event: { description: string }) => event.description);
      expect(described).toEqual(events);
    }
    const { json: listed } = await api.send('GET', TASKS);
    expect(listed.tasks[1]).toEqual(json);
    const { json: found } = await api.send('GET', `${TASKS}?filter=State=${state}&pageSize=1000`);
    expect(found.tasks).toContainEqual(json);
  });

  it.each(['/1', ''])(
    'never go back from their end when they leave a seat that is being read (GET tasks%s)',
    async (path) => {
      const { api, uid } = await planned();
      await api.changeSeat(uid, 0, (seat) => {
        seat.node = aNode;
        seat.unstarted = [];
      });
      // The seats are read without the task, and only then its record is written, as after a report in between.
      const { query } = api.store;
      api.store.query = async (range) => {
        const found = await query.call(api.store, range);
        api.store.query = query;
        await api.putTask(uid, { index: 1, state: 'FAILED', attempts: [failed] });
        return found as never;
      };
      const { json } = await api.send('GET', `${TASKS}${path}`);
      expect((json.tasks?.[1] ?? json).status.state).toBe('FAILED');
    },
  );

  it('puts events in the form that clients read', async () => {
    const { api, uid } = await planned();
    const last = attempt({ attempt: 1, assignedAt: START + 3, startedAt: START + 4, endedAt: START + 6 });
    await api.putTask(uid, {
      index: 1,
      state: 'SUCCEEDED',
      attempts: [failed, { ...last, outcome: 'SUCCEEDED', events: [[START + 5, 'half way']] }],
    });
    const { json } = await api.send('GET', `${TASKS}/1`);
    expect(json.status.statusEvents[2]).toEqual({
      type: 'STATUS_CHANGED',
      description: `Task state is updated from RUNNING to FAILED ${ON} with exit code 127.`,
      eventTime: '2026-11-22T14:00:00.002000000Z',
      taskExecution: { exitCode: 127 },
      taskState: 'FAILED',
    });
    expect(json.status.statusEvents[5]).toEqual({
      description: 'half way',
      eventTime: '2026-11-22T14:00:00.005000000Z',
    });
    expect(json.status.statusEvents[6]).toEqual({
      type: 'STATUS_CHANGED',
      description: `Task state is updated from RUNNING to SUCCEEDED ${ON}.`,
      eventTime: '2026-11-22T14:00:00.006000000Z',
      taskState: 'SUCCEEDED',
    });
  });

  it.each([
    ['QUEUED', 'PENDING'],
    ['SCHEDULED', 'PENDING'],
    ['CANCELLATION_IN_PROGRESS', 'UNEXECUTED'],
    ['CANCELLED', 'UNEXECUTED'],
    ['FAILED', 'UNEXECUTED'],
  ] as const)('of a job that is %s and has no plan are %s', async (jobState, state) => {
    const api = new ApiUnderTest(memoryStore());
    const uid = await api.create('j1', aJob({ taskCount: 2 }));
    await api.changeJob(uid, (job) => {
      job.state = jobState;
    });
    const { json } = await api.send('GET', TASKS);
    expect(json.tasks).toEqual(
      [0, 1].map((index) => ({ name: `${TASKS}/${index}`, status: { state, statusEvents: [] } })),
    );
    expect((await api.send('GET', `${TASKS}/1`)).json).toEqual(json.tasks[1]);
  });

  it.each([
    [`${PARENT}/jobs/none/taskGroups/group0/tasks/0`, `${PARENT}/jobs/none`],
    [`${PARENT}/jobs/j1/taskGroups/group1/tasks/0`, `${PARENT}/jobs/j1/taskGroups/group1`],
    [`${TASKS}/3`, `${TASKS}/3`],
    [`${PARENT}/jobs/j1/taskGroups/group1/tasks`, `${PARENT}/jobs/j1/taskGroups/group1`],
  ])('does not find %s', async (path, missing) => {
    const { api } = await planned();
    const { status, json } = await api.send('GET', path);
    expect(status).toBe(404);
    expect(json.error.message).toBe(`Resource '${missing}' was not found.`);
  });
});

describe('tasks.list of 100,000 tasks', () => {
  it('reads the records of its own page', async () => {
    const { api, uid } = await planned({ taskCount: 100_000 });
    await api.putTask(uid, { index: 54_321, state: 'FAILED', attempts: [failed] });
    const first = await api.send('GET', `${TASKS}?pageSize=5000`);
    expect(first.json.tasks).toHaveLength(1000);
    const ranges: number[] = [];
    const { query } = api.store;
    api.store.query = (range) => {
      ranges.push(range.limit);
      return query.call(api.store, range) as never;
    };
    const second = await api.send('GET', `${TASKS}?pageSize=1000&pageToken=${first.json.nextPageToken}`);
    expect(second.json.tasks.at(-1).name).toBe(`${TASKS}/1999`);
    // One block of seats, and the block of tasks of the page.
    expect(ranges).toEqual([100, 1000]);
  });

  it('looks at 20,000 tasks a call for a filter and goes on with a token', async () => {
    const { api, uid } = await planned({ taskCount: 100_000 });
    await api.putTask(uid, { index: 54_321, state: 'FAILED', attempts: [failed] });
    const found: string[] = [];
    const sizes: number[] = [];
    for (let token: string | undefined = ''; token !== undefined; ) {
      const { json } = await api.send('GET', `${TASKS}?filter=State%3DFAILED&pageToken=${token}`);
      found.push(...json.tasks.map(({ name }: { name: string }) => name));
      sizes.push(json.tasks.length);
      token = json.nextPageToken;
    }
    expect(found).toEqual([`${TASKS}/54321`]);
    expect(sizes).toEqual([0, 0, 1, 0, 0]);
  });

  it('refuses tokens of other lists', async () => {
    const { api } = await planned({ taskCount: 300 });
    const { nextPageToken } = (await api.send('GET', TASKS)).json;
    for (const query of [
      `pageToken=${nextPageToken}&filter=State=FAILED`,
      'pageToken=%00',
      'filter=State=X',
    ]) {
      expect((await api.send('GET', `${TASKS}?${query}`)).json.error.status).toBe('INVALID_ARGUMENT');
    }
  });
});
