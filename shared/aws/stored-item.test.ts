import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expiryIndex } from '../core/keys.ts';
import { answeringClient } from './answering-client.ts';
import { dynamodbStore } from './dynamodb-store.ts';
import { readBody, storeBody } from './stored-body.ts';
import { readItem, readKey, storeItem } from './stored-item.ts';
import { readIndexSortKey, readSortKey, storeIndexSortKey, storeSortKey } from './stored-key.ts';
import { changesOf } from './stream-changes.ts';

describe('a body', () => {
  it.each([
    ['a short one as JSON', { n: 1 }, 'S'],
    ['a long one compressed', { list: Array.from({ length: 400 }, (_, n) => n) }, 'B'],
    ['one of few characters and many bytes compressed', { text: '水'.repeat(900) }, 'B'],
  ])('is stored: %s', (_, body, type) => {
    const stored = storeBody(body);
    expect(Object.keys(stored)).toEqual([type]);
    expect(readBody(stored)).toEqual(body);
  });

  it('of another writer is refused', () => {
    expect(() => readBody({ M: {} })).toThrow('no body');
    expect(() => readBody(undefined)).toThrow('no body');
  });
});

describe('a sort key', () => {
  const anyKey = fc.string({ unit: fc.constantFrom('\u0000', '!', 'a', 'é', '\uffee', '😀'), maxLength: 4 });
  const order = (a: string, b: string) => Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));

  it('is never empty, comes back, and keeps its place among the others', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (a, b) => {
        expect(storeSortKey(a)).not.toBe('');
        expect(readSortKey(storeSortKey(a))).toBe(a);
        expect(order(storeSortKey(a), storeSortKey(b))).toBe(order(a, b));
      }),
    );
  });

  it('of an index entry comes back whatever the item is called', () => {
    fc.assert(
      fc.property(anyKey, anyKey, anyKey, (indexSk, pk, sk) => {
        expect(readIndexSortKey(storeIndexSortKey(indexSk, { pk, sk }), { pk, sk })).toBe(indexSk);
      }),
    );
  });
});

describe('an item', () => {
  const write = { pk: 'P', sk: 'a', body: {}, ifVersion: 4 };

  it.each([
    ['that expires, when it does, in whole seconds', expiryIndex(1_500, 'x'), { N: '2' }],
    ['that does not, never', { index2: { pk: 'QUEUED', sk: '1500' } }, undefined],
    ['whose entry has no time, never', { index2: { pk: 'EXPIRING', sk: 'x' } }, undefined],
  ])('%s', (_, index, expiresAt) => {
    expect(storeItem({ ...write, index }).expiresAt).toEqual(expiresAt);
  });

  it('carries the signal of its write, and none of the one before', () => {
    expect(storeItem({ ...write, signal: 'group' }).signal).toEqual({ S: 'group' });
    expect(storeItem(write)).not.toHaveProperty('signal');
  });

  it('is read back with the version after the one that was written over', () => {
    expect(readItem(storeItem(write))).toEqual({ pk: 'P', sk: 'a', version: 5, body: {} });
  });

  it('of another program is refused', () => {
    expect(() => readKey({ pk: { S: 'P' } })).toThrow("no S attribute 'sk'");
    expect(() => readKey({ pk: { N: '1' }, sk: { S: '' } })).toThrow("no S attribute 'pk'");
  });
});

describe('changes', () => {
  it('of a stream without images are refused', () => {
    const keys = { pk: { S: 'P' }, sk: { S: 'a' } };
    expect(() => changesOf([{ dynamodb: { Keys: keys } }])).toThrow('NEW_AND_OLD_IMAGES');
    expect(() => changesOf([{}])).toThrow('NEW_AND_OLD_IMAGES');
  });

  it('are not pulled from a store that has no feed', async () => {
    const store = dynamodbStore({ client: answeringClient([]).client, tableName: 'sluice' });
    await expect(store.changes(0, 1)).rejects.toThrow('delivered');
    await expect(store.forgetChanges(1)).rejects.toThrow('delivered');
  });
});
