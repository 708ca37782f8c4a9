import { describe, expect, it } from 'vitest';
import type { TaskSpec } from '../../shared/contract/task-spec.ts';
import { aBarrier, aScript, aSpec, aTask, DrivenAgent } from '../testing/driven-agent.ts';

function endOf(agent: DrivenAgent, index = 0) {
  agent.answer();
  const status = agent.reported(index)?.taskStatus;
  return { state: status?.state, exitCode: status?.statusEvents?.at(-1)?.taskExecution?.exitCode };
}

function running(spec: TaskSpec, given = {}): DrivenAgent {
  const agent = DrivenAgent.assigned(spec, 1, given);
  agent.assign(0);
  return agent;
}

describe('a runnable’s timeout', () => {
  it('kills it, and the task fails with 50005', () => {
    const agent = running(aSpec([aScript({ timeout: '3s' }), 'b']));
    agent.pass(2_999);
    expect(agent.killed).toEqual([]);
    agent.pass(1);
    expect(agent.killed).toEqual(['0/0 SIGTERM']);
    agent.exit(0, 0, 143);
    expect(endOf(agent)).toEqual({ state: 'FAILED', exitCode: 50005 });
  });

  it('is followed by KILL after the grace, once', () => {
    const agent = running(aSpec([aScript({ timeout: '3s' })]));
    agent.pass(20_000);
    expect(agent.killed).toEqual(['0/0 SIGTERM', '0/0 SIGKILL']);
  });

  it('counts 50005 even when TERM made it end well', () => {
    const agent = running(aSpec([aScript({ timeout: '3s' })]));
    agent.pass(3_000);
    agent.exit(0, 0, 0);
    expect(endOf(agent)).toEqual({ state: 'FAILED', exitCode: 50005 });
  });

  it('lets what always runs run', () => {
    const agent = running(aSpec([aScript({ timeout: '3s' }), 'b', aScript({ alwaysRun: true })]));
    agent.pass(3_000);
    agent.exit(0, 0, 143);
    expect(agent.started).toEqual(['0/0', '0/2']);
  });

  it('can be ignored like any other exit status', () => {
    const agent = running(aSpec([aScript({ timeout: '3s', ignoreExitStatus: true }), 'b']));
    agent.pass(3_000);
    agent.exit(0, 0, 143);
    agent.exit(0, 1, 0);
    expect(endOf(agent)).toEqual({ state: 'SUCCEEDED', exitCode: 0 });
  });

  it('of 0 is none', () => {
    const agent = running(aSpec([aScript({ timeout: '0s' })], { maxRunDuration: '0s' }));
    agent.pass(1_000_000);
    expect(agent.killed).toEqual([]);
  });
});

describe('the maximum run time of a task', () => {
  it('is over all its runnables, and nothing always runs beyond it', () => {
    const agent = running(aSpec(['a', 'b', aScript({ alwaysRun: true })], { maxRunDuration: '10s' }));
    agent.pass(6_000);
    agent.exit(0, 0);
    agent.pass(3_999);
    expect(agent.killed).toEqual([]);
    agent.pass(1);
    expect(agent.killed).toEqual(['0/1 SIGTERM']);
    agent.exit(0, 1, 143);
    expect(agent.started).toEqual(['0/0', '0/1']);
    expect(endOf(agent)).toEqual({ state: 'FAILED', exitCode: 50005 });
  });

  it('is used up twice as fast by two runnables at once', () => {
    const agent = running(aSpec([aScript({ background: true }), 'b'], { maxRunDuration: '10s' }));
    agent.pass(4_999);
    expect(agent.killed).toEqual([]);
    agent.pass(1);
    expect(agent.killed).toEqual(['0/0 SIGTERM', '0/1 SIGTERM']);
    agent.exit(0, 1, 143);
    agent.exit(0, 0, 143);
    expect(endOf(agent)).toEqual({ state: 'FAILED', exitCode: 50005 });
  });

  it('keeps an earlier error', () => {
    const agent = running(aSpec([aScript({ background: true }), 'b'], { maxRunDuration: '10s' }));
    agent.exit(0, 0, 4);
    agent.pass(10_000);
    agent.exit(0, 1, 143);
    expect(endOf(agent)).toEqual({ state: 'FAILED', exitCode: 4 });
  });

  it('stands still at a barrier, but not for what runs in the background', () => {
    const spec = aSpec(['a', aBarrier, 'c'], { maxRunDuration: '10s' });
    const agent = running(spec);
    agent.pass(6_000);
    agent.exit(0, 0);
    agent.pass(3_600_000);
    agent.answer({ tasks: [aTask(0, { reachedBarrier: '2' })] });
    expect(agent.started).toEqual(['0/0', '0/2']);
    agent.pass(3_999);
    expect(agent.killed).toEqual([]);
    agent.pass(1);
    expect(agent.killed).toEqual(['0/2 SIGTERM']);

    const withBackground = aSpec([aScript({ background: true }), aBarrier, 'c'], { maxRunDuration: '10s' });
    const other = running(withBackground);
    other.pass(10_000);
    expect(other.killed).toEqual(['0/0 SIGTERM']);
    other.exit(0, 0, 143);
    expect(endOf(other)).toEqual({ state: 'FAILED', exitCode: 50005 });
  });
});
