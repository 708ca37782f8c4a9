import { expect, it } from 'vitest';
import { admit } from './admission.ts';

const jobs = (...nodes: number[]) => nodes.map((count, order) => ({ uid: `job-${order}`, nodes: count }));

it.each([
  ['all fit', jobs(1, 2), 0, ['job-0', 'job-1']],
  ['the head waits for room', jobs(3, 1), 2, []],
  ['the head is admitted, the next waits', jobs(2, 3), 0, ['job-0']],
  ['small jobs do not overtake a large one', jobs(1, 9, 1), 1, ['job-0']],
  ['a job that wants more than there is gets all', jobs(9), 0, ['job-0']],
  ['none fits a full house', jobs(1), 4, []],
])('%s', (_, queue, inUse, admitted) => {
  expect(admit(queue, inUse, 4).admitted).toEqual(admitted);
});

it('says what each waiting job waits for, and its place', () => {
  const { waiting } = admit(jobs(3, 1), 2, 4);
  expect([...waiting]).toEqual([
    ['job-0', 'waits for nodes: it wants 3 of 4 nodes and 2 are free'],
    ['job-1', 'number 2 in the queue for nodes: it wants 1 of 4 nodes and 2 are free'],
  ]);
});
