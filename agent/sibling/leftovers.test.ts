import { expect, it } from 'vitest';
import { Marks } from './leftovers.ts';

it("gives a program's mark to no other before nothing is left of it", () => {
  const marks = new Marks();
  const [one, other] = [marks.take(), marks.take()];
  expect(one).not.toBe(other);
  marks.ended(one);
  expect([one, other]).not.toContain(marks.take());
  marks.giveBack(one);
  expect(marks.take()).toBe(one);
});

it('knows whether a program runs, whatever is left of those that have ended', () => {
  const marks = new Marks();
  expect(marks.haveAllEnded).toBe(true);
  const [one, other] = [marks.take(), marks.take()];
  marks.ended(one);
  expect(marks.haveAllEnded).toBe(false);
  marks.ended(other);
  expect(marks.haveAllEnded).toBe(true);
  const next = marks.take();
  expect(marks.haveAllEnded).toBe(false);
  marks.giveBack(next);
  expect(marks.haveAllEnded).toBe(true);
});
