import { expect, it } from 'vitest';
import { containerTable } from './container-table.ts';

const machine = {
  cpu: 'CPU',
  cores: 2,
  memoryGb: 4,
  kernel: 'Linux 6',
  node: 'v24',
  date: '2026-01-01',
  loadBefore: 0.1,
};

it('shows the median of each contender, and what the figures were taken on', () => {
  const results = [
    { title: 'one', perTask: 'a container', ms: [90_000, 100_000, 300_000] },
    { title: 'other', perTask: 'a process', ms: [2_000, 1_000, 1_500] },
  ];
  expect(containerTable(results, { tasks: 500, slots: 2, machine }).split('\n')).toEqual([
    '| 500 tasks through | starts for each task | in all | a task | tasks a second |',
    '| --- | --- | ---: | ---: | ---: |',
    '| one | a container | 100.0 s | 200 ms | 5.0 |',
    '| other | a process | 1.50 s | 3 ms | 333 |',
    '',
    'Medians of 3 measurements; 2 tasks at once; every task is `true` of one busybox image that is there already.',
    '',
    'CPU, 2 cores, 4 GiB; Linux 6; Node.js v24; 2026-01-01; load before the run 0.1.',
  ]);
});
