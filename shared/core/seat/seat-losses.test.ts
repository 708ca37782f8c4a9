import { expect, it } from 'vitest';
import { EPOCHS_AT_MOST, LOSSES_AT_MOST, pauseBeforeNode, whyGivenUp } from './seat-losses.ts';

it.each([
  [0, 0, undefined],
  [LOSSES_AT_MOST - 1, EPOCHS_AT_MOST - 1, undefined],
  [LOSSES_AT_MOST, 7, '6 nodes in a row ended before a task did'],
  [0, EPOCHS_AT_MOST, 'the seat has had 100 nodes'],
])('after %i losses in a row and %i nodes: %s', (lossesInARow, epoch, reason) => {
  expect(whyGivenUp({ lossesInARow, epoch })).toBe(reason);
});

it.each(['local', 'fargate'] as const)('pauses longer and longer, up to a bound (%s)', (kind) => {
  const pauses = Array.from({ length: LOSSES_AT_MOST + 3 }, (_, losses) => pauseBeforeNode(kind, losses));
  expect(pauses).toEqual([...pauses].sort((one, other) => one - other));
  expect(pauses.at(-1)).toBe(pauseBeforeNode(kind, LOSSES_AT_MOST - 1));
});
