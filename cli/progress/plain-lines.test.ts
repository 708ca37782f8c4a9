import { expect, it } from 'vitest';
import type { Progress } from '../api/answers.ts';
import { startFollowing, withProgress } from './follow-state.ts';
import { nothingSaid, plainLines } from './plain-lines.ts';

/** The lines that a course of progress, given with its times in seconds, prints. */
function said(course: [seconds: number, progress: Partial<Progress>][]): string[] {
  let state = startFollowing('my-job', 0);
  let memory = nothingSaid;
  return course.flatMap(([seconds, progress]) => {
    const now = seconds * 1000;
    state = withProgress(state, { state: 'RUNNING', groups: [], nodes: [], failures: [], ...progress }, now);
    const { said, lines } = plainLines(memory, state, now);
    memory = said;
    return lines.map((line) => `${seconds}s ${line}`);
  });
}

function counts(succeeded: number, failed = 0): Pick<Progress, 'groups'> {
  const counts = { SUCCEEDED: succeeded, FAILED: failed, RUNNING: 2 };
  return { groups: [{ group: 'group0', taskCount: 100, stage: 1, stages: 1, atBarrier: 0, counts }] };
}

it('says each state once, why a job waits, and counts at most every 2 s', () => {
  const course: [number, Partial<Progress>][] = [
    [0, { state: 'QUEUED', waitingFor: 'no room: 2 of 2 slots are taken' }],
    [0.2, { state: 'QUEUED', waitingFor: 'no room: 2 of 2 slots are taken' }],
    [0.4, { state: 'SCHEDULED' }],
    [0.6, { state: 'RUNNING', ...counts(0) }],
    [1, counts(5)],
    [1.2, counts(8)],
    [3, counts(20)],
    [4, counts(30)],
    [9, counts(30)],
    [10, { state: 'SUCCEEDED', ...counts(98) }],
  ];
  expect(said(course)).toMatchInlineSnapshot(`
    [
      "0s my-job: QUEUED",
      "0s my-job: waits: no room: 2 of 2 slots are taken",
      "0.4s my-job: QUEUED -> SCHEDULED",
      "0.6s my-job: SCHEDULED -> RUNNING",
      "1s my-job: 5 of 100 tasks ended, 2 running (5.0 tasks/s)",
      "3s my-job: 20 of 100 tasks ended, 2 running (6.7 tasks/s)",
      "9s my-job: 30 of 100 tasks ended, 2 running (3.3 tasks/s)",
      "10s my-job: RUNNING -> SUCCEEDED",
    ]
  `);
});

it('says each failure once', () => {
  const failure = { task: 'group0/3', exitCode: 2, attempts: 2, description: 'Task failed' };
  const other = { task: 'group0/4', exitCode: 1 };
  const course: [number, Partial<Progress>][] = [
    [0, { ...counts(0, 1), failures: [failure] }],
    [1, { ...counts(0, 1), failures: [failure] }],
    [2, { ...counts(0, 2), failures: [failure, other] }],
  ];
  expect(said(course)).toMatchInlineSnapshot(`
    [
      "0s my-job: RUNNING",
      "0s my-job: group0/3 failed with exit code 2 after 2 attempts: Task failed",
      "0s my-job: 1 of 100 tasks ended, 1 failed, 2 running",
      "2s my-job: group0/4 failed with exit code 1",
      "2s my-job: 2 of 100 tasks ended, 2 failed, 2 running (30 tasks/min)",
    ]
  `);
});
