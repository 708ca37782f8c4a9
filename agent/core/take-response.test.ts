import { describe, expect, it } from 'vitest';
import { aScript, aSpec, aTask, DrivenAgent, taskId } from '../testing/driven-agent.ts';

const listed = (agent: DrivenAgent) => (agent.sent.body.agentInfo?.tasks ?? []).map((task) => task.taskId);

describe('an answer', () => {
  it('with a task that is known changes nothing', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']));
    agent.assign(0);
    agent.assign(0);
    agent.exit(0, 0);
    agent.assign(0);
    expect(agent.started).toEqual(['0/0']);
  });

  it('with a later attempt of a task is another task', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']));
    agent.assign(0);
    agent.exit(0, 0, 1);
    agent.answer();
    agent.answer({
      tasks: [
        { task: taskId(0), intendedState: 'DELETED' },
        { task: taskId(0, 1), intendedState: 'ASSIGNED' },
      ],
    });
    expect(agent.started).toEqual(['0/0', '0/0']);
    expect(listed(agent)).toEqual([taskId(0, 1)]);
  });

  it('that is lost is made up for by the next', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']));
    agent.assign(0);
    agent.exit(0, 0);
    agent.take({ type: 'reportFailed', report: agent.sent.report });
    agent.pass(1_000);
    expect(agent.reported(0)?.taskStatus?.statusEvents?.map(({ taskState }) => taskState)).toEqual([
      'RUNNING',
      'SUCCEEDED',
    ]);
  });

  it('to a report that was given up is ignored', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']));
    const { report } = agent.sent;
    agent.take({ type: 'reportFailed', report });
    agent.take({ type: 'answered', report, response: { tasks: [aTask(0)] } });
    agent.take({ type: 'reportFailed', report });
    expect(agent.started).toEqual([]);
    expect(agent.state.report.failures).toBe(1);
  });

  it('before the assignment gives no task that cannot be run', () => {
    const agent = new DrivenAgent();
    agent.answer({ tasks: [aTask(0), { task: 'action/STARTUP/0/0/group0', intendedState: 'ASSIGNED' }] });
    expect(agent.state.tasks.size).toBe(0);
  });

  it('that deletes an ended task ends its being reported', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']));
    agent.assign(0);
    agent.exit(0, 0);
    agent.answer({ tasks: [{ task: taskId(0), intendedState: 'DELETED' }] });
    agent.pass(10_000);
    expect(listed(agent)).toEqual([]);
    expect(agent.actions).toContainEqual({ type: 'removeTask', taskId: taskId(0) });
    expect(agent.state.tasks.size).toBe(0);
  });

  it('that deletes a queued task takes it out of the queue', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']));
    agent.assign(0, 1, 2);
    agent.answer({ tasks: [{ task: taskId(1), intendedState: 'DELETED' }] });
    agent.exit(0, 0);
    expect(agent.started).toEqual(['0/0', '2/0']);
  });

  it('that deletes a running task kills it and speaks of it no more', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']));
    agent.assign(0, 1);
    agent.answer({ tasks: [{ task: taskId(0), intendedState: 'DELETED' }] });
    expect(agent.killed).toEqual(['0/0 SIGTERM']);
    expect(agent.started).toEqual(['0/0']);
    agent.exit(0, 0, 143);
    expect(agent.started).toEqual(['0/0', '1/0']);
    expect(listed(agent)).toEqual([taskId(1)]);
    expect([...agent.state.tasks.keys()]).toEqual([taskId(1)]);
  });

  it('that cancels a running task kills it, and it has failed with 50000', () => {
    const agent = DrivenAgent.assigned(aSpec(['a', 'b', aScript({ alwaysRun: true })]));
    agent.assign(0);
    const cancel = { tasks: [{ task: taskId(0), intendedState: 'CANCELLED' as const }] };
    agent.answer(cancel);
    agent.answer(cancel);
    agent.pass(5_000);
    expect(agent.killed).toEqual(['0/0 SIGTERM', '0/0 SIGKILL']);
    agent.exit(0, 0, 137);
    agent.answer(cancel);
    expect(agent.started).toEqual(['0/0']);
    expect(agent.reported(0)?.taskStatus).toMatchObject({
      state: 'FAILED',
      statusEvents: [{ taskState: 'FAILED', taskExecution: { exitCode: 50000 } }],
    });
  });

  it('that cancels a queued task ends it without a start', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']));
    agent.assign(0, 1);
    agent.answer({ tasks: [{ task: taskId(1), intendedState: 'CANCELLED' }] });
    expect(agent.reported(1)?.taskStatus?.state).toBe('FAILED');
    agent.exit(0, 0);
    expect(agent.started).toEqual(['0/0']);
    expect(agent.state.waiting).toBe(0);
  });

  it('that speaks of an unknown task is harmless', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']));
    agent.answer({
      tasks: [
        { task: taskId(8), intendedState: 'DELETED' },
        { task: taskId(9), intendedState: 'CANCELLED' },
      ],
    });
    expect(agent.exit(9, 0)).toEqual([]);
    expect(agent.state.tasks.size).toBe(0);
  });
});
