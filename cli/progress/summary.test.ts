import { expect, it } from 'vitest';
import { plainPaint } from '../terminal/terminal.ts';
import { startFollowing, withProgress } from './follow-state.ts';
import { summaryLines } from './summary.ts';

it('puts failures first and the outcome last', () => {
  const state = withProgress(
    startFollowing('my-job', 0),
    {
      state: 'FAILED',
      groups: [
        {
          group: 'group0',
          taskCount: 100,
          stage: 1,
          stages: 1,
          atBarrier: 0,
          counts: { SUCCEEDED: 90, FAILED: 7, UNEXECUTED: 3 },
        },
      ],
      nodes: [],
      failures: [{ task: 'group0/3', exitCode: 2, lastLines: ['one', 'two', 'three'] }],
    },
    12_000,
  );
  expect(
    summaryLines(state, 'FAILED', { outputLines: 2, listCommand: 'sluice tasks list' }, plainPaint, 12_000),
  ).toMatchInlineSnapshot(`
    [
      "group0/3 failed with exit code 2",
      "  | two",
      "  | three",
      "and 6 more failed tasks: sluice tasks list",
      "my-job FAILED after 12s: 90 of 100 tasks succeeded, 7 failed, 3 never ran",
    ]
  `);
});

it('of a job that was deleted has no counts to tell', () => {
  expect(
    summaryLines(
      startFollowing('my-job', 0),
      'DELETED',
      { outputLines: 2, listCommand: 'sluice tasks list' },
      plainPaint,
      65_000,
    ),
  ).toMatchInlineSnapshot(`
    [
      "my-job DELETED after 1m05s",
    ]
  `);
});
