import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ApiUnderTest, aJob, aNode, PARENT, START } from './api-under-test.ts';

const JOB = `${PARENT}/jobs/j1`;
const runnables = [{ script: { text: 'true' } }, { barrier: {} }, { script: { text: 'true' } }];

async function apiWith(group: object, seats?: number): Promise<{ api: ApiUnderTest; uid: string }> {
  const api = new ApiUnderTest(memoryStore());
  const uid = await api.create('j1', aJob({ taskSpec: { runnables }, ...group }));
  if (seats !== undefined) await api.plan(uid, seats);
  return { api, uid };
}

function wrote(task: number, text: string) {
  const time = '2026-11-22T14:00:00.000000000Z';
  return { time, taskGroup: 'group0', task, attempt: 0, runnable: 0, stream: 'stdout' as const, text };
}

const failedRecord = (index: number) => ({
  index,
  state: 'FAILED' as const,
  attempts: [0, 1].map((attempt) => ({
    attempt,
    zone: 'local-a',
    instanceId: '1234',
    assignedAt: START,
    startedAt: START,
    endedAt: START + attempt,
    outcome: 'FAILED' as const,
    exitCode: 3,
  })),
});

describe('progress', () => {
  it('of a job that waits says what for', async () => {
    const { api, uid } = await apiWith({ taskCount: 4 });
    await api.changeJob(uid, (job) => {
      job.waitingFor = 'waits for nodes';
    });
    expect((await api.send('GET', `${JOB}/progress`)).json).toEqual({
      state: 'QUEUED',
      waitingFor: 'waits for nodes',
      dependencies: [],
      dependents: [],
      groups: [
        {
          group: 'group0',
          taskCount: 4,
          stage: 1,
          stages: 2,
          atBarrier: 0,
          counts: { PENDING: 4, ASSIGNED: 0, RUNNING: 0, SUCCEEDED: 0, FAILED: 0, UNEXECUTED: 0 },
        },
      ],
      nodes: [],
      failures: [],
    });
  });

  it('of a job that runs shows stages, nodes and the first failures', async () => {
    const { api, uid } = await apiWith({ taskCount: 8, taskCountPerNode: 4 }, 2);
    await api.changeSeat(uid, 0, (seat) => {
      seat.node = aNode;
      seat.state = 'RUNNING';
      seat.nodeSince = START;
      seat.unstarted = [];
      seat.parked = { 2: [[0, 2, 2]] };
      seat.active = [
        { index: 4, attempt: 0, recorded: false, assignedAt: START, startedAt: START, runnable: 1 },
      ];
      seat.ended.failed = 1;
      seat.firstFailure = { index: 6, at: START, exitCode: 3, description: 'failed' };
    });
    await api.putTask(uid, failedRecord(6));
    api.log.push(...Array.from({ length: 15 }, (_, line) => wrote(6, `line ${line}`)), wrote(5, 'other'));
    const { json } = await api.send('GET', `${JOB}/progress`);
    expect(json.groups[0]).toEqual({
      group: 'group0',
      taskCount: 8,
      stage: 1,
      stages: 2,
      atBarrier: 2,
      counts: { PENDING: 4, ASSIGNED: 0, RUNNING: 3, SUCCEEDED: 0, FAILED: 1, UNEXECUTED: 0 },
    });
    expect(json.nodes).toEqual([
      {
        name: 'node-1',
        state: 'RUNNING',
        slots: 4,
        running: 1,
        ended: 1,
        since: '2026-11-22T14:00:00.000000000Z',
      },
      { name: `${uid}-group0-1`, state: 'WANTED', slots: 4, running: 0, ended: 0 },
    ]);
    expect(json.failures).toEqual([
      {
        task: 'group0/6',
        exitCode: 3,
        description:
          'Task state is updated from RUNNING to FAILED on zones/local-a/instances/1234 with exit code 3.',
        attempts: 2,
        lastLines: Array.from({ length: 10 }, (_, line) => `line ${line + 5}`),
      },
    ]);
  });

  it('shows five failures at most, of one seat too, and reads what they wrote once', async () => {
    const { api, uid } = await apiWith({ taskCount: 9 }, 1);
    await api.changeSeat(uid, 0, (seat) => {
      seat.unstarted = [[7, 2, 1]];
      seat.ended.failed = 7;
      seat.firstFailure = { index: 3, at: START, exitCode: 3, description: 'failed' };
    });
    for (let index = 0; index < 7; index += 1) await api.putTask(uid, failedRecord(index));
    api.now += 60_000;
    const first = await api.send('GET', `${JOB}/progress`);
    expect(first.json.failures.map(({ task }: { task: string }) => task)).toEqual(
      [3, 0, 1, 2, 4].map((index) => `group0/${index}`),
    );
    api.log.push(wrote(3, 'too late to be seen'));
    expect((await api.send('GET', `${JOB}/progress`)).json).toEqual(first.json);
  });
});

describe('logEntries', () => {
  it('come page by page, and with the last token again what has come since', async () => {
    const { api } = await apiWith({ taskCount: 2 });
    api.log.push(wrote(0, 'a'), wrote(1, 'b'), wrote(0, 'c'));
    const path = `${JOB}/logEntries?task=group0%2F0&pageSize=1&pageToken=`;
    const texts: string[] = [];
    let token = '';
    for (let page = 0; page < 3; page += 1) {
      const { json } = await api.send('GET', `${path}${token}`);
      texts.push(...json.entries.map(({ text }: { text: string }) => text));
      token = json.nextPageToken;
    }
    expect(texts).toEqual(['a', 'c']);
    api.log.push(wrote(0, 'd'));
    const { json } = await api.send('GET', `${path}${token}`);
    expect(json.entries).toEqual([{ ...wrote(0, 'd'), task: '0' }]);
    expect((await api.send('GET', `${JOB}/logEntries`)).json.entries).toHaveLength(4);
  });

  it.each([
    ['task=3', 'INVALID_ARGUMENT'],
    ['task=group1/0', 'NOT_FOUND'],
    ['filter=a', 'INVALID_ARGUMENT'],
    ['pageSize=x', 'INVALID_ARGUMENT'],
  ])('refuse ?%s', async (query, status) => {
    const { api } = await apiWith({});
    expect((await api.send('GET', `${JOB}/logEntries?${query}`)).json.error.status).toBe(status);
  });
});
