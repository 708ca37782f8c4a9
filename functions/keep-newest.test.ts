import { expect, it } from 'vitest';
import { keepNewest } from './keep-newest.ts';

it.each([
  [0, []],
  [2, ['b', 'c']],
  [3, ['a', 'b', 'c']],
  [4, ['a', 'b', 'c']],
])('of three, at most %i are kept: those that were put in last', (most, left) => {
  const map = new Map(['a', 'b', 'c'].map((key, order) => [key, order]));
  keepNewest(map, most);
  expect([...map.keys()]).toEqual(left);
});
