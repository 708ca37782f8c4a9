import { describe, expect, it } from 'vitest';
import { commitAgain } from '../../functions/commit-again.ts';
import { serviceClock } from '../../functions/lambda/service-clock.ts';
import { dynamodbStore } from '../../shared/aws/dynamodb-store.ts';
import { seatKey, taskKey } from '../../shared/core/keys.ts';
import { ConflictError, type Put, type Store } from '../../shared/ports/store.ts';
import type { DynamodbLocal } from './dynamodb-local.ts';

/** Many writers of one item, and the largest commit that reports make. */
export function busyTable({ client, createTable }: DynamodbLocal): void {
  const made = async (): Promise<Store> => dynamodbStore({ client, ...(await createTable()) });

  describe('a busy DynamoDB table', () => {
    it('lets exactly one of sixteen writers through at each version', async () => {
      const store = await made();
      const key = { pk: 'P', sk: 'counter' };
      await store.commit([{ ...key, body: { n: 0, by: [] }, ifVersion: 0 }]);
      const wins = new Map<number, number>();
      let conflicts = 0;
      const writers = Array.from({ length: 16 }, async (_, writer) => {
        for (let round = 0; round < 3; round += 1) {
          await commitAgain(serviceClock, async () => {
            const item = await store.get<{ n: number }>(key);
            const version = item?.version ?? 0;
            const write: Put = { ...key, body: { n: (item?.body.n ?? 0) + 1 }, ifVersion: version };
            const beside: Put = { pk: 'Q', sk: `${writer}.${round}`, body: {}, ifVersion: 0 };
            // Half of them in transactions, which conflict in other ways.
            await store.commit(writer % 2 === 0 ? [write] : [write, beside]).catch((error: unknown) => {
              expect(error).toBeInstanceOf(ConflictError);
              conflicts += 1;
              throw error;
            });
            wins.set(version, (wins.get(version) ?? 0) + 1);
          });
        }
      });
      await Promise.all(writers);
      expect(await store.get(key)).toMatchObject({ version: 49, body: { n: 48 } });
      expect([...wins.values()]).toEqual(Array.from({ length: 48 }, () => 1));
      expect(conflicts).toBeGreaterThan(16);
      expect(await store.query({ pk: 'Q', limit: 100 })).toHaveLength(24);
    });

    it('commits the report of a busy node', async () => {
      const store = await made();
      const seat = { ...seatKey('job-1', 'group0', 7), body: busySeat() };
      const took: number[] = [];
      for (let round = 0; round < 12; round += 1) {
        const tasks = Array.from({ length: 75 }, (_, n) => taskPut(round * 75 + n));
        const begun = performance.now();
        await store.commit([{ ...seat, ifVersion: round }, ...tasks]);
        took.push(performance.now() - begun);
      }
      const middle = took.sort((a, b) => a - b)[6] ?? 0;
      const bytes = JSON.stringify(seat.body).length;
      console.log(
        `a commit of 75 tasks and a seat of ${bytes} bytes: ${middle.toFixed(0)} ms (median of 12)`,
      );
      expect(await store.get(seatKey('job-1', 'group0', 7))).toMatchObject({ version: 12 });
    });
  });
}

function taskPut(index: number): Put {
  const attempt = {
    attempt: 0,
    zone: 'us-east-1a',
    instanceId: '7263518273645172635',
    assignedAt: 1_795_000_000_000 + index,
    startedAt: 1_795_000_000_317 + index,
    endedAt: 1_795_000_100_000 + index,
    outcome: 'SUCCEEDED',
    exitCode: 0,
  };
  const body = { index, state: 'SUCCEEDED', attempts: [attempt] };
  return { ...taskKey('job-1', 'group0', index), body, ifVersion: 0 };
}

/** About 20 KB of JSON: a node that holds 200 tasks. */
function busySeat(): object {
  const active = Array.from({ length: 200 }, (_, n) => ({
    index: 20_000 + n * 7,
    attempt: 0,
    recorded: false,
    assignedAt: 1_795_000_000_000 + n * 17,
    startedAt: 1_795_000_000_317 + n * 23,
    runnable: 1,
  }));
  return { jobUid: 'job-1', groupId: 'group0', seat: 7, slots: 100, active };
}
