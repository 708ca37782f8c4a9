import { expect, it } from 'vitest';
import { addSample, formatRate, rateOf, type Sample } from './rate.ts';

const at = (seconds: number, ended: number): Sample => ({ time: seconds * 1000, ended });

it.each([
  { name: 'no samples', samples: [], rate: undefined },
  { name: 'one sample', samples: [at(0, 5)], rate: undefined },
  { name: 'nothing ended', samples: [at(0, 5), at(9, 5)], rate: undefined },
  { name: 'steady', samples: [at(0, 0), at(1, 10), at(2, 20)], rate: 10 },
  { name: 'the last seconds count', samples: [at(0, 0), at(20, 20), at(25, 120)], rate: 20 },
  {
    name: 'few of late: the last minute counts',
    samples: [at(0, 0), at(20, 40), at(38, 40), at(40, 41)],
    rate: 41 / 40,
  },
])('rate: $name', ({ samples, rate }) => {
  expect(rateOf(samples)).toBe(rate);
});

it('keeps the samples of a minute and one before', () => {
  let samples: Sample[] = [];
  for (let second = 0; second <= 100; second++) samples = addSample(samples, at(second, second));
  expect(samples[0]).toEqual(at(39, 39));
  expect(samples).toHaveLength(62);
  expect(addSample(samples, at(1000, 200))).toEqual([at(100, 100), at(1000, 200)]);
});

it.each([
  [1234.4, '1234 tasks/s'],
  [2.54, '2.5 tasks/s'],
  [0.5, '30 tasks/min'],
  [0.01, '0.6 tasks/min'],
])('%f a second is %s', (rate, text) => {
  expect(formatRate(rate)).toBe(text);
});
