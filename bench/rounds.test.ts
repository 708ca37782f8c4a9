import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Contender, type Measurement, NotMeasured, type Workload } from './contender.ts';
import { runRounds } from './rounds.ts';

const order: string[] = [];

function contender(id: string, msPerTask: number, fail?: (work: Workload) => void): Contender {
  const measure = async (work: Workload): Promise<Measurement> => {
    order.push(`${id} ${work.tasks}`);
    fail?.(work);
    const tasks = readFileSync(work.indexFile, 'utf8').trim().split('\n').length;
    return { toFirstTaskMs: 1, toEndMs: tasks * msPerTask, peakMemory: 1, highWaterMemory: 1 };
  };
  return { id, title: id, prepare: async () => ({ version: `${id} 1`, measure }) };
}

const settings = {
  sizes: [10, 100],
  repeat: 2,
  patienceSeconds: 5,
  slots: 2,
  interrupted: new AbortController().signal,
  log: () => undefined,
};

it('contenders take turns; who is too slow, missing or failing is left out with the reason', async () => {
  const missing: Contender = {
    id: 'missing',
    title: 'missing',
    prepare: async () => {
      throw new NotMeasured('it cannot be installed');
    },
  };
  const failing = contender('failing', 1, ({ tasks }) => {
    if (tasks === 100) throw new Error('it broke\nat a line');
  });
  const contenders = [contender('fast', 1), contender('slow', 100), missing, failing];
  const { results, versions } = await runRounds(contenders, settings);
  const found = results.map(({ contender, tasks, measurements, problem }) => [
    `${contender} ${tasks}`,
    measurements.map(({ toEndMs }) => toEndMs),
    problem,
  ]);
  expect(found).toEqual([
    ['fast 10', [10, 10], undefined],
    ['slow 10', [1000, 1000], undefined],
    ['missing 10', [], 'it cannot be installed'],
    ['failing 10', [10, 10], undefined],
    ['fast 100', [100, 100], undefined],
    ['slow 100', [], 'it would take about 10.0 s'],
    ['missing 100', [], 'it cannot be installed'],
    ['failing 100', [], 'it broke'],
  ]);
  expect(versions).toEqual({ fast: 'fast 1', slow: 'slow 1', failing: 'failing 1' });
  expect(order.slice(0, 3)).toEqual(['fast 10', 'slow 10', 'failing 10']);
});
