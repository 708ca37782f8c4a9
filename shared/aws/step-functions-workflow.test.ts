import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { groupKey, jobKey } from '../core/keys.ts';
import type { Store } from '../ports/store.ts';
import { memoryStore } from '../testing/memory-store.ts';
import { aGroup } from '../testing/seat-samples.ts';
import { type StageNow, waitForStage } from './stage-wait.ts';
import { stepFunctionsWorkflow, taskAnswerer } from './step-functions-workflow.ts';

const clock = { now: () => 1000, after: () => () => undefined };
const stateMachineArn = 'arn:aws:states:region:000000000000:stateMachine:run-job';
const meta = { $metadata: {}, message: '' };

/** Step Functions with executions by name and their status. */
class FakeStepFunctions {
  readonly executions = new Map<string, string>();
  readonly answers: [string, StageNow][] = [];
  answersFail: Error | undefined;

  readonly send = (async (command: object) => {
    if (command instanceof StartExecutionCommand) {
      const name = String(command.input.name);
      if (this.executions.has(name)) throw new ExecutionAlreadyExists(meta);
      this.executions.set(name, 'RUNNING');
      return {};
    }
    if (command instanceof DescribeExecutionCommand) {
      expect(command.input.executionArn).toContain(':execution:run-job:');
      return { status: this.executions.get(String(command.input.executionArn?.split(':').at(-1))) };
    }
    if (command instanceof SendTaskSuccessCommand) {
      if (this.answersFail !== undefined) throw this.answersFail;
      this.answers.push([String(command.input.taskToken), JSON.parse(String(command.input.output))]);
    }
    return {};
  }) as never;
}

function setUp(state = 'SCHEDULED') {
  const client = new FakeStepFunctions();
  const store = memoryStore();
  const ready = store.commit([{ ...jobKey('j-1'), body: { uid: 'j-1', state }, ifVersion: 0 }]);
  const workflow = stepFunctionsWorkflow({ client, stateMachineArn, store, clock });
  return { client, store, workflow, ready };
}

describe('start', () => {
  it("names the execution by the job's uid, and starts it once", async () => {
    const { client, workflow } = setUp();
    await workflow.start('j-1');
    await workflow.start('j-1');
    expect([...client.executions]).toEqual([['j-1', 'RUNNING']]);
  });

  it('starts another one for a job that goes on after its execution has ended', async () => {
    const { client, workflow, ready } = setUp('DELETION_IN_PROGRESS');
    await ready;
    client.executions.set('j-1', 'SUCCEEDED').set('j-1.2', 'ABORTED');
    await workflow.start('j-1');
    expect(client.executions.get('j-1.3')).toBe('RUNNING');
  });

  it.each(['SUCCEEDED', 'FAILED', 'CANCELLED'])('starts none for a job that is %s', async (state) => {
    const { client, workflow, ready } = setUp(state);
    await ready;
    client.executions.set('j-1', 'SUCCEEDED');
    await workflow.start('j-1');
    expect(client.executions.size).toBe(1);
  });

  it('gives up a job that nine executions have not ended', async () => {
    const { client, workflow, ready } = setUp();
    await ready;
    for (const name of ['j-1', ...[2, 3, 4, 5, 6, 7, 8, 9].map((at) => `j-1.${at}`)])
      client.executions.set(name, 'FAILED');
    await expect(workflow.start('j-1')).rejects.toThrow('has had 9 executions');
  });
});

describe('waiting for a stage', () => {
  const wait = (stage: number, token = `token-${stage}`) => ({
    jobUid: 'j-1',
    groupId: 'group0',
    stage,
    token,
  });
  const putGroup = async (store: Store, given: object) => {
    const key = groupKey('j-1', 'group0');
    const old = await store.get(key);
    await store.commit([
      { ...key, body: aGroup({ barriers: [2, 4], ...given }), ifVersion: old?.version ?? 0 },
    ]);
  };
  const ports = ({ client, store }: ReturnType<typeof setUp>) => ({
    store,
    clock,
    answer: taskAnswerer(client),
  });

  it.each([
    { name: 'a stage that is under way', group: {}, stage: 1, answered: [] },
    {
      name: 'a stage that has ended before',
      group: { reachedBarrier: 2 },
      stage: 1,
      answered: [{ stage: 2, more: true }],
    },
    {
      name: 'a group that has ended',
      group: { endedAt: 5 },
      stage: 2,
      answered: [{ stage: 2, more: false }],
    },
    { name: 'the turn of a group that may begin', group: {}, stage: 0, answered: [{ stage: 1, more: true }] },
    {
      name: 'the turn of a group that waits',
      group: { waitsFor: [{ groupId: 'group1', need: 'SUCCEEDED' }] },
      stage: 0,
      answered: [],
    },
  ])('answers at once, or not, for $name', async ({ group, stage, answered }) => {
    const all = setUp();
    await putGroup(all.store, group);
    await waitForStage(ports(all), wait(stage));
    expect(all.client.answers.map(([, now]) => now)).toEqual(answered);
  });

  it('is answered once when the stage ends', async () => {
    const all = setUp();
    await putGroup(all.store, {});
    await waitForStage(ports(all), wait(1));
    await putGroup(all.store, { reachedBarrier: 2 });
    await all.workflow.stageEnded('j-1', 'group0', 1);
    await all.workflow.stageEnded('j-1', 'group0', 1);
    expect(all.client.answers).toEqual([['token-1', { stage: 2, more: true }]]);
  });

  it('is answered when the group ends, and when its turn comes', async () => {
    const all = setUp();
    await putGroup(all.store, { waitsFor: [] });
    await waitForStage(ports(all), wait(0));
    await putGroup(all.store, {});
    await all.workflow.groupReady('j-1', 'group0');
    await waitForStage(ports(all), wait(1));
    await putGroup(all.store, { endedAt: 9 });
    await all.workflow.groupEnded('j-1', 'group0');
    expect(all.client.answers.map(([token, now]) => [token, now.more])).toEqual([
      ['token-0', true],
      ['token-1', false],
    ]);
  });

  it('takes the token of a wait that is tried again', async () => {
    const all = setUp();
    await putGroup(all.store, {});
    await waitForStage(ports(all), wait(1, 'old'));
    await waitForStage(ports(all), wait(1, 'new'));
    await putGroup(all.store, { endedAt: 9 });
    await all.workflow.groupEnded('j-1', 'group0');
    expect(all.client.answers.map(([token]) => token)).toEqual(['new']);
  });

  it.each([new TaskTimedOut(meta), new TaskDoesNotExist(meta)])(
    'passes over a token that nobody waits with: $name',
    async (error) => {
      const all = setUp();
      all.client.answersFail = error;
      await putGroup(all.store, { endedAt: 9 });
      await expect(waitForStage(ports(all), wait(1))).resolves.toBeUndefined();
    },
  );

  it('keeps the token when the answer could not be sent, for the next try', async () => {
    const all = setUp();
    all.client.answersFail = new Error('no network');
    await putGroup(all.store, { endedAt: 9 });
    await expect(waitForStage(ports(all), wait(1))).rejects.toThrow('no network');
    all.client.answersFail = undefined;
    await all.workflow.groupEnded('j-1', 'group0');
    expect(all.client.answers).toHaveLength(1);
  });
});
