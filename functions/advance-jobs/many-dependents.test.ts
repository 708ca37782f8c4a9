import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../local/store/sqlite-store.ts';
import { jobKey, wakeKey } from '../../shared/core/keys.ts';
import type { Store } from '../../shared/ports/store.ts';
import { countingStore } from '../../shared/testing/counting-store.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { QueuedWorld } from './queued-world.ts';

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0)) close();
});

function sqliteStore(): Store {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-dependents-'));
  const store = openSqliteStore(join(folder, 'store.db'));
  opened.push(() => {
    store.close();
    rmSync(folder, { recursive: true });
  });
  return store;
}

describe('10,000 jobs that wait for one', () => {
  const JOBS = 10_000;

  it.each([
    ['memory', memoryStore],
    ['SQLite', sqliteStore],
  ])('are told page by page, and of others no job is read (%s)', { timeout: 240_000 }, async (_, open) => {
    const { store, counts } = countingStore(open());
    const world = new QueuedWorld(store);
    await world.create('first');
    await world.settle();
    for (let job = 0; job < JOBS; job += 1) await world.create(`after-${job}`, { first: 'SUCCEEDED' });
    for (let job = 0; job < 500; job += 1) await world.create(`other-${job}`, { missing: 'FINISHED' });
    await world.run('first');
    await world.forgetChanges();
    const before = { ...counts };
    const steps = await world.tell('first');
    expect(steps).toBe(JOBS / 100 + 1);
    // Each has been read once and written once; pages and the record of how far they have come are the rest.
    expect(counts.commits - before.commits).toBe(JOBS + steps);
    expect(counts.queries - before.queries).toBe(steps);
    expect(counts.itemsRead - before.itemsRead).toBeLessThanOrEqual(2 * JOBS + 3 * steps);
    expect(await store.get(wakeKey('first'))).toBeUndefined();
    for (const job of [0, 4_711, JOBS - 1]) expect(await world.isReady(`after-${job}`)).toBe(true);
  });
});

describe('jobs that are told of an end', () => {
  it('are all told although each step dies once in the middle', async () => {
    let commits = 0;
    let isDying = false;
    const store = memoryStore({
      beforeCommit: () => {
        commits += 1;
        if (isDying && commits % 70 === 0) throw new Error('the service dies');
      },
    });
    const world = new QueuedWorld(store);
    await world.create('first');
    for (let job = 0; job < 400; job += 1) await world.create(`after-${job}`, { first: 'FINISHED' });
    await world.settle();
    await world.run('first');
    isDying = true;
    expect(await world.settleInSpiteOfDeaths()).toBeGreaterThan(3);
    for (let job = 0; job < 400; job += 1) expect(await world.stateOf(`after-${job}`)).toBe('SCHEDULED');
  });

  it('are told before a deleted job is gone, as what it was', async () => {
    const world = new QueuedWorld(memoryStore());
    await world.create('first');
    for (let job = 0; job < 250; job += 1) await world.create(`after-${job}`, { first: 'SUCCEEDED' });
    await world.settle();
    await world.run('first');
    await world.move('first', 'delete-requested');
    // Nobody has been told yet when the records go.
    await world.purge('first');
    expect(await world.store.get(jobKey('first'))).toBeUndefined();
    await world.settle();
    for (let job = 0; job < 250; job += 1) expect(await world.stateOf(`after-${job}`)).toBe('SCHEDULED');
  });
});

describe('a chain of 1,000 jobs', () => {
  it('runs one after another, with a few reads and writes each', { timeout: 120_000 }, async () => {
    const { store, counts } = countingStore(sqliteStore());
    const world = new QueuedWorld(store);
    await world.create('job-0');
    for (let job = 1; job < 1_000; job += 1)
      await world.create(`job-${job}`, { [`job-${job - 1}`]: 'SUCCEEDED' });
    await world.settle();
    const before = { ...counts };
    for (let job = 0; job < 1_000; job += 1) {
      expect(await world.stateOf(`job-${job}`)).toBe('SCHEDULED');
      await world.run(`job-${job}`);
      await world.settle();
    }
    // Two moves of its own; told and admitted, its room taken and given back.
    expect((counts.commits - before.commits) / 1_000).toBeLessThan(6);
    expect((counts.itemsRead - before.itemsRead) / 1_000).toBeLessThan(30);
  });
});
