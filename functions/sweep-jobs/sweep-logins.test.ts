import { expect, it } from 'vitest';
import type { KeptLogin } from '../../shared/ports/login-secrets.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ApiUnderTest } from '../jobs-api/api-under-test.ts';
import { sweepLogins } from './sweep-logins.ts';

const HOUR_MS = 3600 * 1000;

/** What a sweep at a time forgets of the logins that are kept for jobs in all states, and for one that is gone. */
async function forgottenAt(now: number) {
  const api = new ApiUnderTest(memoryStore());
  const states = [
    'SCHEDULED',
    'RUNNING',
    'CANCELLATION_IN_PROGRESS',
    'SUCCEEDED',
    'FAILED',
    'CANCELLED',
  ] as const;
  const names = new Map<string, string>([['gone-1', 'gone']]);
  for (const state of states) {
    const uid = await api.create(state.toLowerCase().replaceAll('_', '-'));
    await api.changeJob(uid, (job) => {
      job.state = state;
    });
    names.set(uid, state);
  }
  const kept: KeptLogin[] = [...names.keys()].flatMap((jobUid) => [0, 1].map((order) => ({ jobUid, order })));
  const forgotten: string[] = [];
  let lists = 0;
  const logins = {
    async kept() {
      lists += 1;
      return kept;
    },
    async forget({ jobUid, order }: KeptLogin) {
      forgotten.push(`${names.get(jobUid)} ${order}`);
    },
  };
  await sweepLogins({ store: api.store, clock: { ...api.deps.clock, now: () => now }, logins });
  return { forgotten, lists };
}

it('forgets the logins of jobs that have ended or are gone, and no others', async () => {
  const { forgotten } = await forgottenAt(5 * HOUR_MS + 59_999);
  expect(forgotten).toEqual(
    ['gone', 'SUCCEEDED', 'FAILED', 'CANCELLED'].flatMap((state) => [`${state} 0`, `${state} 1`]),
  );
});

it.each([60_000, HOUR_MS - 1])('looks once an hour, not %i ms after it', async (after) => {
  expect(await forgottenAt(5 * HOUR_MS + after)).toEqual({ forgotten: [], lists: 0 });
});
