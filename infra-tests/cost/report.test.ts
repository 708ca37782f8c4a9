import { describe, expect, it } from 'vitest';
import { growsFaster, type Run, report } from './report.ts';
import { quantities, type Usage } from './usage.ts';

const runs = (used: (tasks: number, nodes: number) => number): Run[] =>
  [1, 4].flatMap((nodes) =>
    [10, 100, 1000].map((tasks) => ({
      tasks,
      nodes,
      usage: Object.fromEntries(quantities.map((name) => [name, used(tasks, nodes)])) as unknown as Usage,
    })),
  );

describe('report', () => {
  it('prices larger jobs by what a job, a node and a task use', () => {
    const page = report(runs((tasks, nodes) => 100 + 10 * nodes + tasks));
    expect(page).toContain('| apiCalls | 100 | 10.0 | 1.00 | even |');
    // A million tasks on a thousand nodes: 1,010,100 of each; a call of the API costs 3.5 dollars a million.
    expect(page).toMatch(/\| 1,000,000 \| 3\.54 \|/);
    expect(page).toContain('AWS Batch');
  });

  it('says what grows faster than the tasks', () => {
    expect(
      growsFaster(
        runs((tasks) => tasks ** 1.5),
        'apiCalls',
      ),
    ).toBe(true);
    expect(
      growsFaster(
        runs((tasks) => 5 + tasks),
        'apiCalls',
      ),
    ).toBe(false);
    expect(
      growsFaster(
        runs(() => 5),
        'apiCalls',
      ),
    ).toBe(false);
  });
});
