import { beforeEach } from 'vitest';
import type { Store } from '../../shared/ports/store.ts';
import { claimNode } from '../claim-node/claim-node.ts';
import { ApiUnderTest, aJob } from '../jobs-api/api-under-test.ts';
import { openSeat } from './open-seat.ts';

/** For tests: before each a job of three tasks is planned on Fargate, with one seat, which can be opened and claimed. */
export function seatUnderTest(newStore: () => Store) {
  /** What the workflow was told. */
  const calls: string[] = [];
  const workflow = {
    start: async (uid: string) => void calls.push(`start ${uid}`),
    stageEnded: async () => undefined,
    groupReady: async () => undefined,
    groupEnded: async (_: string, groupId: string) => void calls.push(`ended ${groupId}`),
  };
  let api: ApiUnderTest;
  let uid: string;
  const ports = () => ({ ...api.deps, workflow, secretsOf: async () => ({}) });
  const turn = () => ({ jobUid: uid, groupId: 'group0', seat: 0 });
  const open = () => openSeat(ports(), 'here', turn());
  const opened = async () => {
    const answer = await open();
    if (!answer.launch) throw new Error('the seat was to be opened');
    return answer;
  };
  beforeEach(async () => {
    calls.length = 0;
    api = new ApiUnderTest(newStore());
    uid = await api.create('job', aJob({ taskCount: '3' }));
    await api.planOnFargate(uid);
  });
  return {
    calls,
    ports,
    turn,
    open,
    opened,
    claimed: (claim: string) =>
      claimNode(ports(), `Bearer ${claim}`, { taskArn: 'arn:task/1', logStream: 'node/agent/1' }),
    seat: () => api.readSeat(uid, 0),
    jobState: async () => (await api.send('GET', 'projects/p1/locations/us-central1/jobs/job')).json.status,
    get api() {
      return api;
    },
    get uid() {
      return uid;
    },
  };
}
