import { describe, expect, it } from 'vitest';
import { aSpec, aTask, DrivenAgent, taskId } from '../testing/driven-agent.ts';

const reports = (agent: DrivenAgent) => agent.actions.filter((action) => action.type === 'sendReport').length;

describe('reports', () => {
  it('begin with the wish for an assignment', () => {
    const agent = new DrivenAgent({ metadata: { instance: 'node-0' } });
    expect(agent.sent.body).toMatchObject({
      agentInfo: {
        jobId: 'j',
        taskGroupId: 'group0',
        state: 'AGENT_STARTING',
        needsAssignment: true,
        tasks: [],
      },
      metadata: { instance: 'node-0', instancePreemptionNoticeReceived: false },
    });
    agent.answer();
    agent.pass(10_000);
    expect(agent.sent.body.agentInfo).toMatchObject({ state: 'AGENT_STARTING', needsAssignment: true });
  });

  it('say that the agent runs once it has its assignment', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']));
    expect(agent.sent.body.agentInfo).toMatchObject({ state: 'AGENT_RUNNING', needsAssignment: false });
  });

  it('keep the least interval, and go out one at a time', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']), 1, {}, '1s');
    agent.pass(1_000);
    agent.assign(0, 1);
    agent.exit(0, 0);
    expect(reports(agent)).toBe(2);
    agent.pass(999);
    expect(reports(agent)).toBe(2);
    agent.pass(1);
    expect(reports(agent)).toBe(3);
    agent.exit(1, 0);
    agent.pass(60_000);
    expect(reports(agent)).toBe(3);
    agent.answer();
    expect(reports(agent)).toBe(4);
  });

  it('come at the default interval when there is nothing to say', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']));
    agent.assign(0);
    agent.answer();
    const before = reports(agent);
    agent.pass(9_999);
    expect(reports(agent)).toBe(before);
    agent.pass(1);
    expect(reports(agent)).toBe(before + 1);
  });

  it('let the service wait when the agent is idle, and only then', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']));
    expect(agent.sent.waitSeconds).toBe(10);
    agent.assign(0);
    expect(agent.sent.waitSeconds).toBe(0);
    agent.exit(0, 0);
    agent.answer();
    expect(agent.sent.waitSeconds).toBe(0);
    agent.answer({ tasks: [{ task: taskId(0), intendedState: 'DELETED' }] });
    expect(agent.sent.waitSeconds).toBe(10);
  });

  it('follow a wait at once when it was held, and at the default interval when it was not', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']));
    const before = reports(agent);
    agent.answer();
    expect(reports(agent)).toBe(before);
    agent.pass(10_000);
    expect(reports(agent)).toBe(before + 1);
    agent.pass(8_000);
    agent.answer();
    expect(reports(agent)).toBe(before + 2);
  });

  it('replace one that waits when there is news', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']));
    const before = agent.sent.report;
    expect(agent.sent.waitSeconds).toBe(10);
    agent.take({ type: 'preemptionNotice' });
    expect(agent.sent.report).toBe(before + 1);
    expect(agent.sent.body.metadata?.instancePreemptionNoticeReceived).toBe(true);
    agent.take({ type: 'answered', report: before, response: { tasks: [aTask(0)] } });
    expect(agent.state.tasks.size).toBe(0);
  });

  it('carry times that grow', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']), 9);
    const times = [agent.sent.body.agentInfo?.reportTime ?? ''];
    for (let at = 0; at < 5; at += 1) {
      agent.assign(at);
      times.push(agent.sent.body.agentInfo?.reportTime ?? '');
    }
    expect(new Set(times).size).toBe(times.length);
    expect([...times].sort()).toEqual(times);
  });

  it('that fail are tried again, later each time, with jitter', () => {
    const agent = new DrivenAgent({ random: () => 0.999 });
    const waits: number[] = [];
    for (let at = 0; at < 8; at += 1) {
      agent.take({ type: 'reportFailed', report: agent.sent.report });
      waits.push(agent.state.armedAt - agent.now);
      agent.pass(5_000);
    }
    expect(waits).toEqual([100, 200, 400, 800, 1_599, 3_197, 4_995, 4_995]);
    agent.answer();
    agent.pass(10_000);
    agent.take({ type: 'reportFailed', report: agent.sent.report });
    expect(agent.state.armedAt - agent.now).toBe(100);
  });
});
