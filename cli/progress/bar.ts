import type { Paint, Style } from '../terminal/terminal.ts';
import type { Totals } from './totals.ts';

/** Each part has a sign of its own, so that the bar reads without colours. */
const parts: readonly { of: keyof Totals; sign: string; style: Style }[] = [
  { of: 'succeeded', sign: '█', style: 'green' },
  { of: 'failed', sign: '×', style: 'red' },
  { of: 'unexecuted', sign: '-', style: 'gray' },
  { of: 'running', sign: '▒', style: 'cyan' },
];
const PENDING_SIGN = '·';

/**
 * A bar `width` columns wide whose parts are as long as the tasks in each state are many. What is there at all has one column at
 * least, so that one failure in 100,000 is seen.
 */
export function renderBar(totals: Totals, width: number, paint: Paint): string {
  const present = parts.filter((part) => totals[part.of] > 0);
  let left = Math.max(0, width);
  let bar = '';
  for (const [i, part] of present.entries()) {
    const reserved = present.length - i - 1 + (totals.pending > 0 ? 1 : 0);
    const isLast = reserved === 0;
    const share = isLast ? left : Math.floor((totals[part.of] / totals.tasks) * width);
    const columns = Math.min(Math.max(1, share), Math.max(0, left - reserved));
    bar += paint(part.style, part.sign.repeat(columns));
    left -= columns;
  }
  return bar + paint('gray', PENDING_SIGN.repeat(left));
}
