import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReportAgentStateResponse } from '../../shared/contract/report.ts';
import type { Runnable } from '../../shared/contract/runnable.ts';
import { aBarrier, aScript, aSpec } from '../testing/driven-agent.ts';
import { FakeSeat } from '../testing/fake-seat.ts';
import type { AgentAction, AgentEvent } from './agent-event.ts';
import { agentSettings, newAgent } from './agent-state.ts';
import { step } from './step.ts';

interface World {
  taskCount: number;
  taskSlots: number;
  runnables: Runnable[];
  /** Used over and over: what happens to each report, how long each thing takes, how runnables end. */
  fates: ('ok' | 'request lost' | 'answer lost' | 'answered twice')[];
  delays: number[];
  exitCodes: number[];
}

/** Runs the core against a seat under a simulated clock and network until all tasks have ended. */
function simulate(world: World) {
  const taskSpec = aSpec(world.runnables);
  const assignment = { jobUid: 'u', jobId: 'j', groupId: 'group0', taskSlots: world.taskSlots, taskSpec };
  const seat = new FakeSeat({ taskCount: world.taskCount, assignment });
  const state = newAgent(agentSettings({ jobId: 'j', taskGroupId: 'group0' }), 0);
  const agenda: { at: number; event: AgentEvent }[] = [{ at: 0, event: { type: 'started' } }];
  const starts = new Map<string, number>();
  const foreground = new Map<string, Set<string>>();
  let turns = 0;
  let now = 0;
  const drawn = new Map<readonly unknown[], number>();
  const draw = <T>(from: readonly T[]): T => {
    const at = drawn.get(from) ?? 0;
    drawn.set(from, at + 1);
    return from[at % from.length] as T;
  };

  const perform = (action: AgentAction) => {
    if (action.type === 'sendReport') {
      const fate = draw(world.fates);
      const at = now + draw(world.delays);
      const failed = { type: 'reportFailed', report: action.report } as const;
      if (fate === 'request lost') return agenda.push({ at, event: failed });
      const response: ReportAgentStateResponse = {
        tasks: seat.take(action.body),
        minReportInterval: '0.010s',
        defaultReportInterval: '1s',
        ...(action.body.agentInfo?.needsAssignment ? { assignment } : {}),
      };
      const answered = { type: 'answered', report: action.report, response } as const;
      agenda.push({ at, event: fate === 'answer lost' ? failed : answered });
      if (fate === 'answered twice') agenda.push({ at: at + draw(world.delays), event: answered });
    } else if (action.type === 'startRunnable') {
      const name = `${action.task.id}#${action.runnable}`;
      starts.set(name, (starts.get(name) ?? 0) + 1);
      const { id } = action.task;
      if (!action.step.background) foreground.set(id, (foreground.get(id) ?? new Set()).add(name));
      const exited = { type: 'exited', taskId: id, runnable: action.runnable } as const;
      agenda.push({
        at: now + 1,
        event: { type: 'customEvent', taskId: id, text: `said ${action.runnable}` },
      });
      const event = { ...exited, exitCode: action.step.background ? 0 : draw(world.exitCodes) };
      if (!action.step.background) agenda.push({ at: now + 1 + draw(world.delays), event });
    } else if (action.type === 'killRunnable') {
      const event = {
        type: 'exited',
        taskId: action.taskId,
        runnable: action.runnable,
        exitCode: 143,
      } as const;
      agenda.push({ at: now + draw(world.delays), event });
    } else if (action.type === 'armTimer') {
      agenda.push({ at: action.at, event: { type: 'tick' } });
    }
  };

  while (!seat.isDone && turns < 20_000) {
    turns += 1;
    agenda.sort((one, other) => one.at - other.at);
    const next = agenda.shift();
    if (next === undefined) break;
    now = Math.max(now, next.at);
    if (next.event.type === 'exited') {
      foreground.get(next.event.taskId)?.delete(`${next.event.taskId}#${next.event.runnable}`);
    }
    for (const action of step(state, next.event, now).actions) perform(action);
    const busy = [...foreground.values()].filter((names) => names.size > 0).length;
    expect(busy).toBeLessThanOrEqual(world.taskSlots);
    for (const names of foreground.values()) expect(names.size).toBeLessThanOrEqual(1);
  }
  return { seat, starts, turns };
}

const worlds: fc.Arbitrary<World> = fc.record({
  taskCount: fc.integer({ min: 1, max: 12 }),
  taskSlots: fc.integer({ min: 1, max: 4 }),
  runnables: fc
    .array(
      fc.oneof(
        fc.constant<Runnable>(aScript()),
        fc.constant<Runnable>(aBarrier),
        fc.constant<Runnable>(aScript({ background: true })),
      ),
      { minLength: 1, maxLength: 5 },
    )
    .map((runnables) => [...runnables, aScript()]),
  fates: fc
    .array(fc.constantFrom('ok', 'ok', 'request lost', 'answer lost', 'answered twice'), {
      minLength: 1,
      maxLength: 7,
    })
    .filter((fates) => fates.some((fate) => fate === 'ok')) as fc.Arbitrary<World['fates']>,
  delays: fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 7 }),
  exitCodes: fc.array(fc.constantFrom(0, 0, 0, 3), { minLength: 1, maxLength: 9 }),
});

describe('the agent in a world that loses and repeats messages', () => {
  it('runs every task to its end, each runnable once, within its slots', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { seat, starts } = simulate(world);
        expect(seat.isDone).toBe(true);
        expect([...starts.values()].every((count) => count === 1)).toBe(true);
        const ends = new Set(
          [...seat.outcomes.values()].map(({ state, exitCode }) => `${state} ${exitCode}`),
        );
        expect(['SUCCEEDED 0', 'FAILED 3']).toEqual(expect.arrayContaining([...ends]));
      }),
      { numRuns: 300 },
    );
  });

  it('tells every custom event', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { seat, starts } = simulate(world);
        for (const name of starts.keys()) {
          const [id = '', runnable = ''] = name.split('#');
          const index = Number(id.split('-').at(-1)?.split('/')[0]);
          expect(seat.outcomes.get(index)?.descriptions).toContain(`said ${runnable}`);
        }
      }),
    );
  });

  it('does the same again from the same start', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        expect(simulate(world).turns).toBe(simulate(world).turns);
      }),
      { numRuns: 20 },
    );
  });
});
