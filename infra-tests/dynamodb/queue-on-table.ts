import { describe, expect, it } from 'vitest';
import { admitJobs } from '../../functions/advance-jobs/admit-jobs.ts';
import { QueuedWorld } from '../../functions/advance-jobs/queued-world.ts';
import { serviceClock as clock } from '../../functions/lambda/service-clock.ts';
import { askForTurns } from '../../functions/run-nodes/launch-turns.ts';
import { sweepCapacity } from '../../functions/sweep-jobs/sweep-capacity.ts';
import { dynamodbStore } from '../../shared/aws/dynamodb-store.ts';
import type { CapacityUse, Hold } from '../../shared/core/admission/capacity-use.ts';
import { capacityKey, HOLDS, launchesKey, wakeKey } from '../../shared/core/keys.ts';
import { type LaunchLedger, noLaunches } from '../../shared/core/launches/launch-ledger.ts';
import type { Store } from '../../shared/ports/store.ts';
import { countingStore } from '../../shared/testing/counting-store.ts';
import type { DynamodbLocal } from './dynamodb-local.ts';

/** The queue, and jobs that wait for others, on a table. */
export function queueOnTable({ client, createTable }: DynamodbLocal): void {
  const made = async (): Promise<Store> => dynamodbStore({ client, ...(await createTable()) });
  const capacity = { nodeCores: 1, maxNodes: 10 };

  describe('the queue on a DynamoDB table', () => {
    it('gives no room twice to eight that admit at the same time', async () => {
      const store = await made();
      const world = new QueuedWorld(store);
      for (let job = 0; job < 30; job += 1) await world.create(`job-${job}`);
      const limits = { deployment: { nodes: 12 }, projects: {} };
      const ports = { store, clock, capacity, limits };
      await Promise.all(Array.from({ length: 8 }, () => admitJobs(ports)));
      const holds = await store.query<Hold>({ pk: HOLDS, limit: 100 });
      expect(holds).toHaveLength(12);
      expect((await store.get<CapacityUse>(capacityKey))?.body.used.deployment?.nodes).toBe(12);
      const states = await Promise.all(Array.from({ length: 30 }, (_, job) => world.stateOf(`job-${job}`)));
      expect(states.filter((state) => state === 'SCHEDULED')).toHaveLength(12);
      for (const { sk } of holds.slice(0, 5)) await world.run(sk);
      const ended = holds.slice(0, 5).map(({ sk }) => sk);
      await Promise.all([admitJobs(ports, { ended }), admitJobs(ports, { ended }), sweepCapacity(ports)]);
      expect((await store.get<CapacityUse>(capacityKey))?.body.used.deployment?.nodes).toBe(12);
    });

    it('tells 350 jobs of the end of the one that they wait for, page by page', async () => {
      const { store, counts } = countingStore(await made());
      const world = new QueuedWorld(store);
      const room = { capacity, limits: { deployment: {}, projects: {} } };
      await world.create('first');
      await admitJobs({ store, clock, ...room });
      for (let job = 0; job < 350; job += 1) await world.create(`after-${job}`, { first: 'SUCCEEDED' });
      await world.run('first');
      const before = { ...counts };
      expect(await world.tell('first')).toBe(4);
      expect(counts.commits - before.commits).toBe(350 + 4);
      expect(counts.queries - before.queries).toBe(4);
      expect(await store.get(wakeKey('first'))).toBeUndefined();
      for (const job of [0, 120, 349]) expect(await world.isReady(`after-${job}`)).toBe(true);
    });

    it('hands out turns to many who ask at the same time', async () => {
      const store = await made();
      const asked = Array.from({ length: 12 }, (_, job) => ({
        uid: `job-${job}`,
        name: 'group0',
        count: 25,
      }));
      const turns = await Promise.all(asked.map((wish) => askForTurns({ store, clock }, 'FARGATE', wish)));
      expect(turns.map(({ length }) => length)).toEqual(asked.map(({ count }) => count));
      const ledger = (await store.get<LaunchLedger>(launchesKey('FARGATE')))?.body ?? noLaunches;
      // All but those whose moment has passed are still to come, and as many have passed as the rate allows.
      const left = ledger.jobs.reduce((sum, { asked: all, due }) => sum + all - due, 0);
      expect(left).toBeGreaterThan(0);
      expect(300 - left).toBeGreaterThanOrEqual(100);
    });
  });
}
