import { describe, expect, it } from 'vitest';
import type { Progress } from '../api/answers.ts';
import { plainPaint } from '../terminal/terminal.ts';
import { textWidth } from '../terminal/text-width.ts';
import { type FollowState, startFollowing, withOutput, withProgress } from './follow-state.ts';
import { renderLive } from './live-view.ts';

const START = 1_000_000;

function following(progress: Partial<Progress>, seconds = 10, endedBefore = 0): FollowState {
  const idle: Progress = { state: 'RUNNING', groups: [], nodes: [], failures: [] };
  const before = { ...idle, groups: [group({ taskCount: 0, counts: { SUCCEEDED: endedBefore } })] };
  const first = withProgress(startFollowing('count-tokens', START), before, START);
  return withProgress(first, { ...idle, ...progress }, START + seconds * 1000);
}

function group(given: Partial<Progress['groups'][number]>): Progress['groups'][number] {
  return { group: 'group0', taskCount: 100, stage: 1, stages: 1, atBarrier: 0, counts: {}, ...given };
}

function node(name: string, given: Partial<Progress['nodes'][number]> = {}): Progress['nodes'][number] {
  return { name, state: 'RUNNING', slots: 2, running: 2, ended: 15, ...given };
}

function lines(state: FollowState, columns = 81, rows = 40, seconds = 12): string {
  return renderLive(state, { columns, rows }, plainPaint, START + seconds * 1000).join('\n');
}

describe('the live view', () => {
  it('of a job that waits says why', () => {
    const waiting = withProgress(
      startFollowing('count-tokens', START),
      {
        state: 'QUEUED',
        waitingFor: 'job prepare must end first',
        groups: [group({ counts: { PENDING: 100 } })],
        nodes: [],
        failures: [],
      },
      START + 500,
    );
    expect(lines(waiting)).toMatchInlineSnapshot(`
      "count-tokens  QUEUED  for 12s
      ···········································································   0%
      SUCCEEDED 0  PENDING 100  of 100 tasks
      waits: job prepare must end first"
    `);
  });

  it('of a job under way', () => {
    const counts = { SUCCEEDED: 30, FAILED: 2, RUNNING: 4, ASSIGNED: 4, PENDING: 60 };
    const failures = [
      {
        task: 'group0/3',
        exitCode: 2,
        attempts: 3,
        description: 'No such file',
        lastLines: ['reading', 'a.txt: \x1b[31mnot found\x1b[0m'],
      },
      { task: 'group0/9', exitCode: 137 },
    ];
    const state = following({
      groups: [group({ counts })],
      nodes: [node('node-0'), node('node-1', { running: 1 })],
      failures,
    });
    expect(
      lines(withOutput(state, ['group0/31 | 12 tokens', 'group0/32 | 8 tokens'])),
    ).toMatchInlineSnapshot(`
      "count-tokens  RUNNING  run time 12s
      ██████████████████████×▒▒▒·················································  32%
      SUCCEEDED 30  FAILED 2  RUNNING 4  ASSIGNED 4  PENDING 60  of 100 tasks
      3.2 tasks/s, about 21s left
      group0/3 failed with exit code 2 after 3 attempts: No such file
        | reading
        | a.txt: not found
      group0/9 failed with exit code 137
      2 nodes (2 RUNNING), 3 of 4 slots busy
        node-0  RUNNING  2/2 busy  15 ended
        node-1  RUNNING  1/2 busy  15 ended
      group0/31 | 12 tokens
      group0/32 | 8 tokens"
    `);
  });

  it('of stages tells who waits at the barrier', () => {
    const counts = { RUNNING: 60, PENDING: 40 };
    const state = following({ groups: [group({ counts, stage: 2, stages: 3, atBarrier: 40 })] });
    expect(lines(state)).toMatchInlineSnapshot(`
      "count-tokens  RUNNING  run time 12s
      ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒······························   0%
      SUCCEEDED 0  RUNNING 60  PENDING 40  of 100 tasks
      group0: stage 2 of 3, 40 of 100 tasks wait at the barrier"
    `);
  });

  it('of several groups has a line for each', () => {
    const groups = [
      group({ group: 'split', taskCount: 1, counts: { SUCCEEDED: 1 } }),
      group({ group: 'count', taskCount: 12, stage: 1, stages: 2, atBarrier: 3, counts: { RUNNING: 12 } }),
    ];
    expect(lines(following({ groups }))).toMatchInlineSnapshot(`
      "count-tokens  RUNNING  run time 12s
      █████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒   7%
      SUCCEEDED 1  RUNNING 12  of 13 tasks
      6.0 tasks/min, about 2m00s left
      split: 1 of 1 task ended
      count: 0 of 12 tasks ended, stage 1 of 2, 3 of 12 tasks wait at the barrier"
    `);
  });

  it('of 100,000 tasks on 5,000 nodes fits 60 columns and 12 rows', () => {
    const counts = { SUCCEEDED: 51_234, FAILED: 1, RUNNING: 5_000, PENDING: 43_765 };
    const nodes = Array.from({ length: 5_000 }, (_, i) =>
      node(`node-${i}`, { slots: 1, running: 1, state: i < 12 ? 'STARTING' : 'RUNNING' }),
    );
    const failures = [
      { task: 'group0/77777', exitCode: 1, description: 'x'.repeat(300), lastLines: ['日本語'.repeat(60)] },
    ];
    const text = lines(
      following({ groups: [group({ taskCount: 100_000, counts })], nodes, failures }),
      60,
      12,
    );
    expect(text).toMatchInlineSnapshot(`
      "count-tokens  RUNNING  run time 12s
      ███████████████████████████×▒▒························  51%
      SUCCEEDED 51,234  FAILED 1  RUNNING 5,000  PENDING 43,765
      5124 tasks/s, about 9.5s left
      group0/77777 failed with exit code 1: xxxxxxxxxxxxxxxxxxxx…
        | 日本語日本語日本語日本語日本語日本語日本語日本語日本語…
      5,000 nodes (12 STARTING, 4,988 RUNNING), 5,000 of 5,000 s…"
    `);
  });

  it.each([60, 80, 120, 200, 400])(
    'has no line as wide as %i columns, and fewer lines than rows',
    (columns) => {
      const failures = Array.from({ length: 5 }, (_, i) => ({
        task: `group0/${i}`,
        description: 'a very long description of what went wrong '.repeat(9),
        lastLines: ['x'.repeat(500), '漢字'.repeat(100), 'end'],
      }));
      const state = following({
        waitingFor: 'y'.repeat(500),
        groups: Array.from({ length: 9 }, (_, i) =>
          group({ group: `group${i}`, stages: 2, counts: { SUCCEEDED: 50, FAILED: 5 } }),
        ),
        nodes: [node('n'.repeat(90))],
        failures,
      });
      const drawn = renderLive(
        { ...state, jobId: 'j'.repeat(63), note: 'n'.repeat(300) },
        { columns, rows: 24 },
        plainPaint,
        START,
      );
      expect(Math.max(...drawn.map(textWidth))).toBeLessThan(columns);
      expect(drawn.length).toBeLessThan(24);
    },
  );

  it('paints states in their colours', () => {
    const state = following({ groups: [group({ counts: { FAILED: 1 } })] });
    const painted = renderLive(
      state,
      { columns: 80, rows: 24 },
      (style, text) => `<${style}>${text}</>`,
      START,
    );
    expect(painted[0]).toContain('<cyan>RUNNING</>');
    expect(painted[2]).toContain('<red>FAILED 1</>');
  });
});
