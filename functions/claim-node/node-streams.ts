import { claimBlocks, SEATS_A_BLOCK, taskKey } from '../../shared/core/keys.ts';
import type { NodeStream, StreamsOf } from '../../shared/core/node-stream.ts';
import type { TaskRecord } from '../../shared/core/task/task-record.ts';
import type { Store } from '../../shared/ports/store.ts';
import { loadGroups, loadJobHead } from '../load-job.ts';
import { type NodeClaim, nodesSoFar } from './node-claim.ts';

/** The log streams of a job's nodes, those that are gone too, in the order of their seats and then of their epochs. */
export async function nodeStreams(store: Store, { jobUid, groupId, task }: StreamsOf): Promise<NodeStream[]> {
  const job = await loadJobHead(store, jobUid);
  if (job === undefined) return [];
  const groups = (await loadGroups(store, job.body)).filter(
    ({ body }) => groupId === undefined || body.groupId === groupId,
  );
  const pages = await Promise.all(
    groups.map(async ({ body: group }) => {
      const blocks = claimBlocks(jobUid, group.groupId, group.seatCount);
      const claims = await Promise.all(
        blocks.map((pk) => store.query<NodeClaim>({ pk, limit: SEATS_A_BLOCK })),
      );
      return claims.flat().flatMap(({ sk, body }) => streamsOf(group.groupId, Number(sk), body));
    }),
  );
  const streams = pages.flat();
  if (groupId === undefined || task === undefined) return streams;
  const instances = await instancesOf(store, jobUid, groupId, task);
  const known = streams.filter(({ instanceId }) => instances.includes(instanceId));
  return known.length === instances.length && known.length > 0 ? known : streams;
}

function streamsOf(groupId: string, seat: number, claim: NodeClaim): NodeStream[] {
  return nodesSoFar(claim).map((node, order) => ({
    key: `${groupId}/${seat}/${order}`,
    groupId,
    instanceId: node.instanceId,
    name: node.logStream,
  }));
}

/** The nodes that had a task; none while its first attempt is under way, which no record tells. */
async function instancesOf(
  store: Store,
  jobUid: string,
  groupId: string,
  task: number,
): Promise<readonly string[]> {
  const record = (await store.get<TaskRecord>(taskKey(jobUid, groupId, task)))?.body;
  const isOver = record?.state === 'SUCCEEDED' || record?.state === 'FAILED';
  return isOver ? [...new Set(record.attempts.map(({ instanceId }) => instanceId))] : [];
}
