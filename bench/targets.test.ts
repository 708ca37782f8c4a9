import { describe, expect, it } from 'vitest';
import type { Result } from './results.ts';
import { missingResult, sampleResult } from './sample-results.ts';
import { judge, verdictLines } from './targets.ts';

function verdict(target: string, results: readonly Result[]) {
  const found = judge(results).find((one) => one.target.includes(target));
  if (found === undefined) throw new Error(`there is no target ${target}`);
  return { reached: found.reached, value: found.value };
}

describe('the share of xargs', () => {
  const floor = [sampleResult('xargs', 1000, [700]), sampleResult('xargs', 100_000, [70_000])];

  it('is reached at 70 % exactly', () => {
    const results = [
      ...floor,
      sampleResult('sluice', 1000, [1000]),
      sampleResult('sluice', 100_000, [90_000]),
    ];
    expect(verdict('70 %', results)).toEqual({ reached: true, value: '70 % at 1,000, 78 % at 100,000' });
  });

  it('is not reached when one size lies below', () => {
    const results = [
      ...floor,
      sampleResult('sluice', 1000, [1010]),
      sampleResult('sluice', 100_000, [90_000]),
    ];
    expect(verdict('70 %', results).reached).toBe(false);
  });

  it('is not judged by jobs smaller than the target is about', () => {
    const results = [sampleResult('xargs', 100, [70]), sampleResult('sluice', 100, [70])];
    expect(verdict('70 %', results)).toEqual({ reached: undefined, value: 'not measured' });
  });
});

describe('being ahead', () => {
  it('needs a higher rate, not an equal one', () => {
    const equal = [sampleResult('parallel', 1000, [900]), sampleResult('sluice', 1000, [900])];
    expect(verdict('GNU parallel', equal).reached).toBe(false);
    const ahead = [sampleResult('parallel', 1000, [2700]), sampleResult('sluice', 1000, [900])];
    expect(verdict('GNU parallel', ahead)).toEqual({ reached: true, value: '3.0 times at 1,000' });
  });

  it('is not judged without the other', () => {
    const results = [missingResult('hyperqueue', 1000, 'no network'), sampleResult('sluice', 1000, [900])];
    expect(verdict('HyperQueue', results).reached).toBeUndefined();
  });
});

describe('the first task', () => {
  it.each([
    [149, true],
    [150, false],
  ])('after %d ms: %s', (toFirstTaskMs, reached) => {
    expect(verdict('first task', [sampleResult('sluice', 1000, [900], { toFirstTaskMs })]).reached).toBe(
      reached,
    );
  });
});

describe('a job of 100,000 tasks', () => {
  const small = sampleResult('sluice', 1000, [900]);

  it.each([
    [100_000, true],
    [101_000, false],
  ])('in %d ms against 1,000 in 900 ms: %s', (ms, reached) => {
    expect(verdict('rate at 100,000', [small, sampleResult('sluice', 100_000, [ms])]).reached).toBe(reached);
  });

  it.each([
    [399e6, true],
    [400e6, false],
  ])('with %d bytes: %s', (peakMemory, reached) => {
    expect(verdict('memory', [sampleResult('sluice', 100_000, [1], { peakMemory })]).reached).toBe(reached);
  });

  it('that was not run leaves both open', () => {
    expect(verdict('rate at 100,000', [small]).reached).toBeUndefined();
    expect(verdict('memory', [small]).reached).toBeUndefined();
  });
});

describe('verdicts as text', () => {
  it('say each target, what became of it and the figure', () => {
    expect(
      verdictLines([
        { target: 'fast', reached: true, value: '9' },
        { target: 'small', reached: false, value: '7 MB' },
        { target: 'steady', reached: undefined, value: 'not measured' },
      ]),
    ).toBe('- fast: reached: 9\n- small: not reached: 7 MB\n- steady: not judged: not measured');
  });
});
