import { describe, expect, it } from 'vitest';
import { aBarrier, aScript, aSpec, aTask, DrivenAgent, taskId } from '../testing/driven-agent.ts';

const spec = aSpec(['a', aBarrier, 'c']);
const listed = (agent: DrivenAgent) => (agent.sent.body.agentInfo?.tasks ?? []).map((task) => task.taskId);

/** An agent with one slot whose task 0 is parked; the report that says so is under way. */
function parked(given = spec): DrivenAgent {
  const agent = DrivenAgent.assigned(given);
  agent.assign(0, 1);
  agent.answer();
  agent.exit(0, given.runnables?.findIndex(({ barrier }) => barrier) === 1 ? 0 : 1);
  return agent;
}

describe('a barrier', () => {
  it('that the group has reached is passed without giving the slot up', () => {
    const agent = DrivenAgent.assigned(spec);
    agent.answer({ tasks: [aTask(0, { reachedBarrier: '2' }), aTask(1)] });
    agent.exit(0, 0);
    expect(agent.started).toEqual(['0/0', '0/2']);
  });

  it('that is closed gives the slot to the next task', () => {
    const agent = parked();
    expect(agent.started).toEqual(['0/0', '1/0']);
    expect(agent.reported(0)).toMatchObject({ runnable: '2', taskStatus: { state: 'RUNNING' } });
  });

  it('keeps the task in reports until the service knows of it', () => {
    const agent = parked();
    agent.answer();
    agent.pass(10_000);
    expect(listed(agent)).toContain(taskId(0));
    agent.answer({ tasks: [aTask(0, { reachedBarrier: '0' })] });
    agent.pass(10_000);
    expect(listed(agent)).not.toContain(taskId(0));
    expect(listed(agent)).toContain(taskId(1));
  });

  it('is not acknowledged by an answer to a report from before', () => {
    const agent = DrivenAgent.assigned(spec, 1, {}, '5s');
    agent.pass(5_000);
    agent.assign(0);
    agent.pass(5_000);
    agent.exit(0, 0);
    agent.answer({ tasks: [aTask(0)] });
    agent.pass(5_000);
    expect(agent.reported(0)?.runnable).toBe('2');
  });

  it('releases a task to the head of the queue', () => {
    const agent = parked();
    agent.answer({ tasks: [aTask(0), aTask(2)] });
    agent.pass(10_000);
    agent.answer({ tasks: [aTask(0, { reachedBarrier: '2' })] });
    expect(agent.started).toEqual(['0/0', '1/0']);
    agent.exit(1, 0);
    // Task 1 passes the open barrier without giving up its slot; then task 0 goes on before task 2 begins.
    expect(agent.started).toEqual(['0/0', '1/0', '1/2']);
    agent.exit(1, 2);
    agent.exit(0, 2);
    expect(agent.started).toEqual(['0/0', '1/0', '1/2', '0/2', '2/0']);
  });

  it('does not open twice for an answer that comes twice', () => {
    const agent = DrivenAgent.assigned(spec, 2);
    agent.assign(0);
    agent.answer();
    agent.exit(0, 0);
    agent.answer({ tasks: [aTask(0)] });
    agent.pass(10_000);
    const { report } = agent.sent;
    const response = { tasks: [aTask(0, { reachedBarrier: '2' })] };
    agent.take({ type: 'answered', report, response });
    agent.take({ type: 'answered', report, response });
    agent.answer(response);
    expect(agent.started).toEqual(['0/0', '0/2']);
  });

  it('takes the highest barrier told with any task', () => {
    const agent = DrivenAgent.assigned(aSpec(['a', aBarrier, 'c', aBarrier, 'e']), 2);
    agent.answer({ tasks: [aTask(0, { reachedBarrier: '4' }), aTask(1, { reachedBarrier: '2' })] });
    for (const runnable of [0, 2, 4]) agent.exit(1, runnable);
    expect(agent.started.filter((one) => one.startsWith('1/'))).toEqual(['1/0', '1/2', '1/4']);
  });

  it('is where a parked task can be cancelled', () => {
    const withBackground = aSpec([aScript({ background: true }), 'b', aBarrier, 'd']);
    const agent = parked(withBackground);
    agent.answer({ tasks: [aTask(0)] });
    agent.pass(10_000);
    agent.answer({ tasks: [{ task: taskId(0), intendedState: 'CANCELLED' }] });
    expect(agent.killed).toEqual(['0/0 SIGTERM']);
    agent.exit(0, 0, 143);
    agent.answer();
    expect(agent.reported(0)?.taskStatus).toMatchObject({
      state: 'FAILED',
      statusEvents: [{ taskState: 'FAILED', taskExecution: { exitCode: 50000 } }],
    });
  });

  it('is not waited at by a task that has failed', () => {
    const agent = DrivenAgent.assigned(aSpec(['a', aBarrier, aScript({ alwaysRun: true })]));
    agent.assign(0);
    agent.exit(0, 0, 5);
    expect(agent.started).toEqual(['0/0', '0/2']);
    agent.exit(0, 2);
    agent.answer();
    expect(agent.reported(0)?.taskStatus?.statusEvents?.at(-1)?.taskExecution?.exitCode).toBe(5);
  });

  it('is left by a task whose background runnable fails there', () => {
    const agent = parked(aSpec([aScript({ background: true }), 'b', aBarrier, aScript({ alwaysRun: true })]));
    agent.answer({ tasks: [aTask(0)] });
    agent.exit(0, 0, 6);
    agent.exit(1, 1);
    expect(agent.started).toEqual(['0/0', '0/1', '1/0', '1/1', '0/3']);
    agent.exit(0, 3);
    agent.answer();
    expect(agent.reported(0)?.taskStatus?.state).toBe('FAILED');
  });

  it('lists a parked task again while it has a custom event to tell', () => {
    const agent = parked(aSpec([aScript({ background: true }), 'b', aBarrier]));
    agent.answer({ tasks: [aTask(0)] });
    agent.take({ type: 'customEvent', taskId: taskId(0), text: 'still here' });
    expect(listed(agent)).toContain(taskId(0));
    agent.answer({ tasks: [aTask(0)] });
    agent.pass(10_000);
    expect(listed(agent)).not.toContain(taskId(0));
  });
});
