import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Key } from '../ports/store.ts';
import { answeringClient } from './answering-client.ts';
import { getItems } from './get-items.ts';
import { storeItem, storeKey } from './stored-item.ts';

const tableName = 'sluice';
const key = (n: number): Key => ({ pk: 'P', sk: String(n) });
const stored = (n: number) => storeItem({ ...key(n), body: { n }, ifVersion: 0 });
const answer = (found: number[], left: number[] = []) => ({
  Responses: { [tableName]: found.map(stored) },
  ...(left.length > 0
    ? { UnprocessedKeys: { [tableName]: { Keys: left.map((n) => storeKey(key(n))) } } }
    : {}),
});
const asked = ({ input }: { input: Record<string, unknown> }) => {
  const requests = input.RequestItems as Record<
    string,
    { Keys: { sk: { S: string } }[]; ConsistentRead: boolean }
  >;
  expect(requests[tableName]?.ConsistentRead).toBe(true);
  return requests[tableName]?.Keys.map(({ sk }) => sk.S);
};

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

it('asks again for keys that an answer leaves out, and puts all in the order of the keys', async () => {
  const { client, sent } = answeringClient([answer([3], [1, 2]), answer([], [1, 2]), answer([2])]);
  const found = await getItems<{ n: number }>({ client, tableName }, [key(1), key(2), key(3)]);
  expect(found.map((item) => item?.body.n)).toEqual([undefined, 2, 3]);
  expect(sent.map(asked)).toEqual([
    ['1', '2', '3'],
    ['1', '2'],
    ['1', '2'],
  ]);
});

it('asks for each key once, and for a hundred at a time', async () => {
  const { client, sent } = answeringClient([]);
  const keys = Array.from({ length: 250 }, (_, n) => key(n % 240));
  expect(await getItems({ client, tableName }, keys)).toHaveLength(250);
  expect(sent.map((call) => asked(call)?.length)).toEqual([100, 100, 40]);
});

it('sends nothing for no keys', async () => {
  const { client, sent } = answeringClient([]);
  expect(await getItems({ client, tableName }, [])).toEqual([]);
  expect(sent).toEqual([]);
});

it('gives up when ten answers in a row have nothing', async () => {
  const nothing = answer([], [1]);
  const { client, sent } = answeringClient(Array.from({ length: 20 }, () => nothing));
  await expect(getItems({ client, tableName }, [key(1)])).rejects.toThrow(
    'sluice is throttled: 1 of 1 items',
  );
  expect(sent).toHaveLength(10);
});
