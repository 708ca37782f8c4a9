import { describe, expect, it } from 'vitest';
import type { Runnable } from '../../shared/contract/runnable.ts';
import { aScript, aSpec, aTask, DrivenAgent, descriptions } from '../testing/driven-agent.ts';

describe('a task', () => {
  const cases: {
    name: string;
    runnables: (string | Runnable)[];
    /** Exit codes in order of the starts. */
    exits: number[];
    started: string[];
    state: string;
    exitCode: number;
  }[] = [
    {
      name: 'runs its runnables in order',
      runnables: ['a', 'b'],
      exits: [0, 0],
      started: ['0/0', '0/1'],
      state: 'SUCCEEDED',
      exitCode: 0,
    },
    {
      name: 'ends at its first failure',
      runnables: ['a', 'b'],
      exits: [7],
      started: ['0/0'],
      state: 'FAILED',
      exitCode: 7,
    },
    {
      name: 'goes on after an ignored failure',
      runnables: [aScript({ ignoreExitStatus: true }), 'b'],
      exits: [7, 0],
      started: ['0/0', '0/1'],
      state: 'SUCCEEDED',
      exitCode: 0,
    },
    {
      name: 'runs what always runs, and keeps the first error',
      runnables: ['a', 'b', aScript({ alwaysRun: true })],
      exits: [7, 8],
      started: ['0/0', '0/2'],
      state: 'FAILED',
      exitCode: 7,
    },
    {
      name: 'runs containers among scripts',
      runnables: ['a', { container: { imageUri: 'busybox' } }, 'b'],
      exits: [0, 127],
      started: ['0/0', '0/1'],
      state: 'FAILED',
      exitCode: 127,
    },
    {
      name: 'without runnables succeeds',
      runnables: [],
      exits: [],
      started: [],
      state: 'SUCCEEDED',
      exitCode: 0,
    },
  ];

  it.each(cases)('$name', ({ runnables, exits, started, state, exitCode }) => {
    const agent = DrivenAgent.assigned(aSpec(runnables));
    agent.assign(0);
    for (const [at, code] of exits.entries()) {
      const [, runnable] = agent.started[at]?.split('/') ?? [];
      agent.exit(0, Number(runnable), code);
    }
    agent.answer();
    const told = agent.reported(0);
    expect(agent.started).toEqual(started);
    expect(told?.taskStatus?.state).toBe(state);
    expect(told?.taskStatus?.statusEvents?.at(-1)).toMatchObject({
      taskState: state,
      taskExecution: { exitCode },
    });
  });

  it('says what the user would want to know of a container, and why it ended so', () => {
    const agent = DrivenAgent.assigned(aSpec([{ container: { imageUri: 'busybox' } }]));
    agent.assign(0);
    const of = { taskId: 'task/u-group0-0/0/0', runnable: 0 };
    agent.take({ type: 'note', ...of, text: 'Image busybox was pulled.' });
    agent.take({ type: 'exited', ...of, exitCode: 127, reason: 'a program was not found' });
    agent.answer();
    expect(descriptions(agent.reported(0))).toEqual([
      'Image busybox was pulled.',
      'container at index #0 ended with exit code 127: a program was not found',
    ]);
  });

  it('gives no reason for the end of what it killed itself', () => {
    const killed = { container: { imageUri: 'busybox' }, timeout: '1s' };
    const agent = DrivenAgent.assigned(aSpec([killed]));
    agent.assign(0);
    agent.pass(1_000);
    const taskId = 'task/u-group0-0/0/0';
    agent.take({ type: 'exited', taskId, runnable: 0, exitCode: 137, reason: 'it was killed' });
    expect(descriptions(agent.reported(0))).toEqual([]);
  });

  it('says why a runnable could not be started', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']));
    agent.assign(0);
    agent.take({
      type: 'exited',
      taskId: 'task/u-group0-0/0/0',
      runnable: 0,
      exitCode: 50000,
      problem: 'no secret',
    });
    agent.answer();
    expect(descriptions(agent.reported(0))).toEqual(['script at index #0 could not be started: no secret']);
  });

  it('tells of named runnables as Google does: scripts from 0, barriers from 1', () => {
    const agent = DrivenAgent.assigned(
      aSpec([
        aScript({ displayName: 'one' }),
        { barrier: {}, displayName: 'two' },
        aScript({ displayName: 'three' }),
      ]),
    );
    agent.answer({ tasks: [aTask(0, { reachedBarrier: '2' })] });
    agent.exit(0, 0);
    agent.exit(0, 2, 3);
    agent.take({ type: 'reportFailed', report: agent.sent.report });
    agent.pass(1_000);
    expect(descriptions(agent.reported(0))).toEqual([
      'script at index #0 with display name [one] started.',
      'script at index #0 with display name [one] finished with exit code 0.',
      'barrier at index #2 with display name [two] reached.',
      'script at index #2 with display name [three] started.',
      'script at index #2 with display name [three] finished with exit code 3.',
    ]);
  });

  it('takes its spec along when it brings one', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']));
    agent.answer({ tasks: [aTask(0, { spec: aSpec([{ script: { text: 'own' } }]) })] });
    const start = agent.actions.find((action) => action.type === 'startRunnable');
    expect(start?.type === 'startRunnable' && start.step.runnable.script?.text).toBe('own');
  });

  it('reads the newer form of a spec too', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']));
    agent.answer({ tasks: [aTask(0, { agentTaskSpec: { runnables: [{ script: { text: 'new' } }] } })] });
    const start = agent.actions.find((action) => action.type === 'startRunnable');
    expect(start?.type === 'startRunnable' && start.step.runnable.script?.text).toBe('new');
  });

  it('keeps to the slots', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']), 2);
    agent.assign(0, 1, 2);
    expect(agent.started).toEqual(['0/0', '1/0']);
    agent.exit(1, 0);
    expect(agent.started).toEqual(['0/0', '1/0', '2/0']);
  });
});

describe('a background runnable', () => {
  const spec = (first: Runnable = {}) => aSpec([aScript({ background: true, ...first }), 'b', 'c']);

  it('lets the task go on, and is killed a short time after the foreground', () => {
    const agent = DrivenAgent.assigned(spec());
    agent.assign(0);
    expect(agent.started).toEqual(['0/0', '0/1']);
    agent.exit(0, 1);
    agent.exit(0, 2);
    expect(agent.killed).toEqual([]);
    agent.pass(100);
    expect(agent.killed).toEqual(['0/0 SIGTERM']);
    agent.exit(0, 0, 143);
    agent.answer();
    expect(agent.reported(0)?.taskStatus?.state).toBe('SUCCEEDED');
  });

  it('that ignores TERM is killed after the grace', () => {
    const agent = DrivenAgent.assigned(spec(), 1, { killGraceMs: 700 });
    agent.assign(0);
    agent.exit(0, 1);
    agent.exit(0, 2);
    agent.pass(799);
    expect(agent.killed).toEqual(['0/0 SIGTERM']);
    agent.pass(1);
    expect(agent.killed).toEqual(['0/0 SIGTERM', '0/0 SIGKILL']);
  });

  it('that fails by itself fails the task, which starts no further runnable', () => {
    const agent = DrivenAgent.assigned(spec());
    agent.assign(0);
    agent.exit(0, 0, 9);
    agent.exit(0, 1, 8);
    agent.answer();
    expect(agent.started).toEqual(['0/0', '0/1']);
    expect(agent.reported(0)?.taskStatus?.statusEvents?.at(-1)?.taskExecution?.exitCode).toBe(9);
  });

  it('whose failure is ignored fails nothing', () => {
    const agent = DrivenAgent.assigned(spec({ ignoreExitStatus: true }));
    agent.assign(0);
    agent.exit(0, 0, 9);
    agent.exit(0, 1);
    agent.exit(0, 2);
    agent.answer();
    expect(agent.reported(0)?.taskStatus?.state).toBe('SUCCEEDED');
  });
});
