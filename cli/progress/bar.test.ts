import { expect, it } from 'vitest';
import { plainPaint } from '../terminal/terminal.ts';
import { renderBar } from './bar.ts';
import type { Totals } from './totals.ts';

function totals(given: Partial<Totals>): Totals {
  const { succeeded = 0, failed = 0, unexecuted = 0, running = 0, pending = 0 } = given;
  const ended = succeeded + failed + unexecuted;
  return { succeeded, failed, unexecuted, running, pending, ended, tasks: ended + running + pending };
}

it.each([
  { name: 'nothing yet', given: { pending: 5 }, bar: '····················' },
  { name: 'half', given: { succeeded: 50, pending: 50 }, bar: '██████████··········' },
  {
    name: 'one failure of many is seen',
    given: { succeeded: 99_998, failed: 1, pending: 1 },
    bar: '██████████████████×·',
  },
  {
    name: 'one pending of many is seen',
    given: { succeeded: 99_999, pending: 1 },
    bar: '███████████████████·',
  },
  {
    name: 'one running of many is seen',
    given: { running: 1, pending: 99_999 },
    bar: '▒···················',
  },
  { name: 'all', given: { succeeded: 7 }, bar: '████████████████████' },
  { name: 'all failed', given: { failed: 3 }, bar: '××××××××××××××××××××' },
  { name: 'thirds fill it', given: { succeeded: 1, failed: 1, unexecuted: 1 }, bar: '██████××××××--------' },
  {
    name: 'everything at once',
    given: { succeeded: 40, failed: 10, unexecuted: 10, running: 20, pending: 20 },
    bar: '████████××--▒▒▒▒····',
  },
])('$name', ({ given, bar }) => {
  expect(renderBar(totals(given), 20, plainPaint)).toBe(bar);
});

it.each([0, 1, 2, 3, 5])('stays within %i columns', (width) => {
  const all = totals({ succeeded: 1, failed: 1, unexecuted: 1, running: 1, pending: 1 });
  expect([...renderBar(all, width, plainPaint)]).toHaveLength(width);
});
