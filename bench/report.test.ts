import { expect, it } from 'vitest';
import { reportText } from './report.ts';
import { missingResult, sampleResult } from './sample-results.ts';

const machine = {
  cpu: 'A processor',
  cores: 2,
  memoryGb: 24,
  kernel: 'Linux 6',
  node: 'v24.0.0',
  date: '2026-01-02',
  loadBefore: 0.1,
};

it('a report has the table, the machine, the versions, the verdicts and what failed', () => {
  const text = reportText({
    machine,
    repeat: 2,
    versions: { xargs: 'xargs 4.9', sluice: 'Sluice 0.1.0' },
    results: [
      { ...sampleResult('sluice', 1000, [900]), problem: 'the job ended as FAILED' },
      missingResult('slurm', 1000, 'its daemons need root here'),
    ],
  });
  expect(text).toContain('| 1,000 | sluice |');
  expect(text).toContain('not measured: its daemons need root here');
  expect(text).toContain(
    'A processor, 2 cores, 24 GiB; Linux 6; Node.js v24.0.0; 2026-01-02; load before the run 0.1.',
  );
  expect(text).toContain('xargs 4.9; Sluice 0.1.0.');
  expect(text).toContain('- submit to first task under 150 ms on a warm service: reached: 20 ms at 1,000');
  expect(text).toContain('- sluice, 1,000 tasks: 1 measurement only: the job ended as FAILED');
});
