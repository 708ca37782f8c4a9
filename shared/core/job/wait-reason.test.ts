import { expect, it } from 'vitest';
import type { GroupRecord } from '../group/group-record.ts';
import { newSeat, type SeatRecord } from '../seat/seat-record.ts';
import type { JobRecord } from './job-record.ts';
import { waitReason } from './wait-reason.ts';

const group = { taskCount: 3, barriers: [2], reachedBarrier: 0 } as unknown as GroupRecord;
const job = (change: Partial<JobRecord>) => change as JobRecord;

function aSeat(change: Partial<SeatRecord>): SeatRecord {
  const place = {
    jobUid: 'job-1',
    groupId: 'group0',
    seat: 0,
    slots: 1,
    unstarted: [[0, 3, 1]] as [number, number, number][],
  };
  return { ...newSeat(place), ...change };
}

it.each<[string, JobRecord, SeatRecord, string | undefined]>([
  ['queued', job({ state: 'QUEUED', waitingFor: 'waits for nodes: x' }), aSeat({}), 'waits for nodes: x'],
  [
    'no node yet',
    job({ state: 'SCHEDULED' }),
    aSeat({ state: 'STARTING', nodeSince: 1000 }),
    'waits for its nodes: none of 1 has reported, the first was asked for 9 s ago',
  ],
  [
    'nodes lost',
    job({ state: 'RUNNING' }),
    aSeat({ state: 'LOST', lossesInARow: 2 }),
    'waits for its nodes: none of 1 has reported, none has been asked for yet; 2 before it were lost',
  ],
  [
    'at a barrier',
    job({ state: 'RUNNING' }),
    aSeat({ state: 'RUNNING', unstarted: [[2, 1, 1]], parked: { 2: [[0, 2, 1]] } }),
    '2 of 3 tasks wait at the barrier at position 2 for 1 that have still to reach it',
  ],
  ['it goes on', job({ state: 'RUNNING' }), aSeat({ state: 'RUNNING' }), undefined],
  ['it has ended', job({ state: 'SUCCEEDED' }), aSeat({}), undefined],
])('%s', (_, record, seat, reason) => {
  expect(waitReason(record, [{ group, seats: [seat] }], 10_000)).toBe(reason);
});
