import { describe, expect, it } from 'vitest';
import { aBarrier, aScript, aSpec, aTask, DrivenAgent, taskId } from '../testing/driven-agent.ts';

const running = (given = {}) => {
  const agent = DrivenAgent.assigned(aSpec(['a', 'b']), 1, given);
  agent.assign(0, 1);
  agent.answer();
  return agent;
};

describe('an agent that is told to stop', () => {
  it('kills everything, reports no more and exits with 0', () => {
    const agent = running();
    const { report } = agent.sent;
    agent.take({ type: 'toldToStop' });
    expect(agent.killed).toEqual(['0/0 SIGTERM']);
    agent.pass(4_999);
    expect(agent.exitCode).toBeUndefined();
    agent.pass(1);
    expect(agent.killed).toEqual(['0/0 SIGTERM', '0/0 SIGKILL']);
    agent.exit(0, 0, 137);
    expect(agent.exitCode).toBe(0);
    expect(agent.sent.report).toBe(report);
    expect(agent.started).toEqual(['0/0']);
  });

  it('exits at once when nothing runs', () => {
    const agent = new DrivenAgent();
    agent.take({ type: 'toldToStop' });
    expect(agent.exitCode).toBe(0);
  });
});

describe('an agent without answers', () => {
  it('gives up after a time, kills everything and exits with 1', () => {
    const agent = running({ giveUpAfterMs: 30_000 });
    agent.pass(10_000);
    const fail = () => agent.take({ type: 'reportFailed', report: agent.sent.report });
    for (let at = 0; at < 12; at += 1) {
      fail();
      agent.pass(2_500);
      expect(agent.killed).toEqual([]);
    }
    fail();
    expect(agent.killed).toEqual(['0/0 SIGTERM']);
    agent.exit(0, 0, 143);
    expect(agent.exitCode).toBe(1);
  });

  it('does not give up for an answer in between', () => {
    const agent = new DrivenAgent({ giveUpAfterMs: 30_000 });
    for (let at = 0; at < 20; at += 1) {
      agent.take({ type: 'reportFailed', report: agent.sent.report });
      agent.pass(5_000);
      agent.answer();
      agent.pass(20_000);
    }
    expect(agent.exitCode).toBeUndefined();
  });
});

describe('an agent that is asked to stop', () => {
  it.each<[kind: string, isSpot: boolean, request: { isBroken?: true }, exitCode: number]>([
    ['Spot', true, {}, 50001],
    ['broken Spot', true, { isBroken: true }, 50006],
    ['plain', false, {}, 50006],
  ])('on a %s node kills its tasks, says so as the last thing, and exits', (_, isSpot, request, exitCode) => {
    const agent = running({ isSpot });
    agent.take({ type: 'stopRequested', ...request });
    expect(agent.killed).toEqual(['0/0 SIGTERM']);
    expect(agent.sent.body.metadata?.instancePreemptionNoticeReceived).toBe(exitCode === 50001);
    expect(agent.sent.body.agentInfo).toMatchObject({ state: 'AGENT_RUNNING', taskQueueSize: 0 });
    agent.exit(0, 0, 143);
    expect(agent.started).toEqual(['0/0']);
    expect(agent.sent.body.agentInfo).toMatchObject({
      state: 'AGENT_STOPPED',
      tasks: [
        {
          taskId: taskId(0),
          taskStatus: { state: 'FAILED', statusEvents: [{ taskExecution: { exitCode } }] },
        },
        { taskId: taskId(1), taskStatus: { state: 'ASSIGNED' } },
      ],
    });
    expect(agent.exitCode).toBeUndefined();
    agent.answer();
    expect(agent.exitCode).toBe(0);
  });

  it.each([
    ['heard', [taskId(1)]],
    ['not heard', [taskId(0), taskId(1)]],
  ])(
    'tells an end that comes before the last as soon as it comes; when that was %s, its last report has %j',
    (said, told) => {
      const agent = DrivenAgent.assigned(aSpec(['a']), 2, { isSpot: true });
      agent.assign(0, 1);
      agent.answer();
      agent.take({ type: 'stopRequested' });
      agent.answer();
      agent.exit(0, 0, 143);
      expect(agent.reported(0)?.taskStatus?.statusEvents).toMatchObject([
        { taskExecution: { exitCode: 50001 } },
      ]);
      expect(agent.sent.body.agentInfo?.state).toBe('AGENT_RUNNING');
      if (said === 'heard') agent.answer({ tasks: [aTask(0, { intendedState: 'DELETED' })] });
      agent.exit(1, 0, 143);
      const { state, tasks } = agent.sent.body.agentInfo ?? {};
      expect(state).toBe('AGENT_STOPPED');
      expect(
        tasks?.map((task) => [task.taskId, task.taskStatus?.statusEvents?.at(-1)?.taskExecution]),
      ).toEqual(told.map((id) => [id, { exitCode: 50001 }]));
      agent.answer();
      expect(agent.exitCode).toBe(0);
    },
  );

  it('gives its tasks the time that it has', () => {
    const agent = running({ stopGraceMs: 60_000 });
    agent.take({ type: 'stopRequested' });
    agent.pass(30_000);
    expect(agent.killed).toEqual([]);
    agent.exit(0, 0);
    expect(agent.started).toEqual(['0/0', '0/1']);
    agent.exit(0, 1);
    expect(agent.sent.body.agentInfo?.state).toBe('AGENT_STOPPED');
    expect(agent.reported(0)?.taskStatus?.state).toBe('SUCCEEDED');
  });

  it('tries its last report for a while only', () => {
    const agent = new DrivenAgent();
    agent.take({ type: 'stopRequested' });
    for (let at = 0; at < 60 && agent.exitCode === undefined; at += 1) {
      agent.take({ type: 'reportFailed', report: agent.sent.report });
      agent.pass(100);
    }
    expect(agent.now).toBe(1_000_000 + 5_000);
    expect(agent.exitCode).toBe(0);
  });

  it('takes no task any more', () => {
    const agent = running({ stopGraceMs: 60_000 });
    agent.take({ type: 'stopRequested' });
    agent.assign(5);
    expect([...agent.state.tasks.keys()]).toEqual([taskId(0), taskId(1)]);
  });

  it('kills what tasks at a barrier run in the background, and leaves those tasks to the service', () => {
    const spec = aSpec([aScript({ background: true }), aBarrier, 'c']);
    const agent = DrivenAgent.assigned(spec);
    agent.assign(0);
    agent.answer();
    agent.answer({ tasks: [aTask(0)] });
    agent.take({ type: 'stopRequested' });
    expect(agent.killed).toEqual(['0/0 SIGTERM']);
    agent.exit(0, 0, 143);
    expect(agent.sent.body.agentInfo).toMatchObject({ state: 'AGENT_STOPPED', tasks: [] });
  });

  it('stops without a last report once it is refused', () => {
    const agent = running();
    agent.take({ type: 'stopRequested' });
    agent.take({ type: 'toldToStop' });
    agent.exit(0, 0, 143);
    expect(agent.exitCode).toBe(0);
    expect(agent.sent.body.agentInfo?.state).toBe('AGENT_RUNNING');
  });
});

describe('a preemption notice', () => {
  it('is reported at once and lets no other task begin', () => {
    const agent = running();
    agent.take({ type: 'preemptionNotice' });
    expect(agent.sent.body.metadata?.instancePreemptionNoticeReceived).toBe(true);
    agent.exit(0, 0);
    agent.exit(0, 1);
    expect(agent.started).toEqual(['0/0', '0/1']);
    expect(agent.exitCode).toBeUndefined();
  });
});
