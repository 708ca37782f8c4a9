import { describe, expect, it } from 'vitest';
import type { Write } from '../ports/store.ts';
import { memoryStore } from './memory-store.ts';
import { storeConformance } from './store-conformance.ts';

storeConformance('memory', () => memoryStore());

describe('crashes around a commit', () => {
  const key = { pk: 'P', sk: 'a' };
  const writes: Write[] = [{ ...key, body: { n: 1 }, ifVersion: 0 }];
  const crash = (seen: readonly Write[]) => {
    throw new Error(`crashed at ${seen.length}`);
  };

  it('before it, nothing is written', async () => {
    const store = memoryStore({ beforeCommit: crash });
    await expect(store.commit(writes)).rejects.toThrow('crashed at 1');
    expect(await store.get(key)).toBeUndefined();
    expect(await store.changes(0, 1)).toEqual([]);
  });

  it('after it, all is written', async () => {
    const store = memoryStore({ afterCommit: crash });
    await expect(store.commit(writes)).rejects.toThrow('crashed at 1');
    expect(await store.get(key)).toMatchObject({ version: 1, body: { n: 1 } });
    expect(await store.changes(0, 1)).toMatchObject([{ after: { n: 1 } }]);
  });

  it('after a conflict there is none', async () => {
    const store = memoryStore({ afterCommit: crash });
    await expect(store.commit([{ ...key, body: {}, ifVersion: 1 }])).rejects.toThrow('has version 0, not 1');
  });
});
