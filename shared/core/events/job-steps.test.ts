import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SampleHistory } from '../../testing/events/sample-history.ts';
import type { JobRecord } from '../job/job-record.ts';
import { type JobEvent, type JobStateName, jobEvents, jobStates } from '../job/job-states.ts';
import { jobSteps } from './job-steps.ts';

it('every state of a job is told once, in its order, whatever befalls it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom<JobEvent[]>(...jobEvents), fc.nat(9)), { maxLength: 30 }),
      (events) => {
        const history = new SampleHistory('any', 1, 1);
        const states: [JobStateName, number][] = [['QUEUED', history.job.createdAt]];
        for (const [event, seconds] of events) {
          if (jobStates.next(history.job.state, event) === undefined) continue;
          history.after(seconds).move(event);
          states.push([history.job.state, history.job.updatedAt]);
        }
        const read = () =>
          history.changes.flatMap(({ before, after }) =>
            jobSteps(before as JobRecord | undefined, after as JobRecord),
          );
        expect(read().map(({ to, at }) => [to, at])).toEqual(states);
        expect(read().map(({ from }) => from)).toEqual([
          undefined,
          ...states.slice(0, -1).map(([state]) => state),
        ]);
        expect(read()).toEqual(read());
      },
    ),
  );
});

it('a job that begins and ends in one write is told as both', () => {
  const history = new SampleHistory('any', 1, 1).after(1).move('admitted');
  const before = structuredClone(history.job);
  const { job } = history.after(5).move('task-started').move('tasks-succeeded');
  expect(jobSteps(before, job).map(({ from, to }) => [from, to])).toEqual([
    ['SCHEDULED', 'RUNNING'],
    ['RUNNING', 'SUCCEEDED'],
  ]);
});

it('a job that is removed has nothing more to tell, nor one with a new note', () => {
  const { job } = new SampleHistory('any', 1, 1);
  expect(jobSteps(job, undefined)).toEqual([]);
  expect(jobSteps(job, { ...job, waitingFor: 'waits' })).toEqual([]);
});
