import { describe, expect, it } from 'vitest';
import { summarize } from './results.ts';
import { missingResult, sampleResult } from './sample-results.ts';
import { markdownTable, overheadMs, resultTable } from './table.ts';

const cellsOf = (table: string, row: number) =>
  (table.split('\n')[row + 2] ?? '')
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

describe('the table of results', () => {
  const table = resultTable(
    [
      sampleResult('xargs', 1000, [500]),
      sampleResult('sluice', 1000, [800, 625, 700]),
      missingResult('slurm', 1000, 'it has no daemon here'),
      sampleResult('xargs', 100_000, [50_000]),
      sampleResult('sluice', 100_000, [70_000], { peakMemory: 210e6 }),
    ],
    2,
  );

  it('has the medians, and how far the rates lie apart', () => {
    expect(cellsOf(table, 1)).toEqual([
      '1,000',
      'sluice',
      '1,429 (1,250–1,600)',
      '71 %',
      '400 µs',
      '20 ms',
      '700 ms',
      '50 MB',
      '100 %',
    ]);
  });

  it('holds a rate against that of the smallest job', () => {
    expect(cellsOf(table, 4).slice(-3)).toEqual(['70.0 s', '210 MB', '100 %']);
  });

  it('compares the floor with nothing', () => {
    expect(cellsOf(table, 0).slice(2, 5)).toEqual(['2,000', '', '']);
  });

  it('shows who was not measured, and why', () => {
    expect(cellsOf(table, 2).slice(0, 3)).toEqual(['1,000', 'slurm', 'not measured: it has no daemon here']);
  });

  it('has as many cells in every row as in its head', () => {
    const counts = table.split('\n').map((line) => line.split('|').length);
    expect(new Set(counts).size).toBe(1);
  });
});

describe('overhead a task', () => {
  it('is the time of a core beyond the floor, so two cores count twice', () => {
    const [slow, floor] = [sampleResult('sluice', 1000, [600]), sampleResult('xargs', 1000, [500])].map(
      summarize,
    );
    if (slow === undefined || floor === undefined) throw new Error('not measured');
    expect(overheadMs(slow, floor, 2)).toBeCloseTo(0.2);
  });
});

describe('a Markdown table', () => {
  it('has figures to the right and text to the left', () => {
    expect(markdownTable(['rate', 'way'], [['1', 'a']])).toBe('| rate | way |\n| ---: | --- |\n| 1 | a |');
  });
});
