import { describe, expect, it } from 'vitest';
import type { NodeStream } from '../core/node-stream.ts';
import { FakeCloudWatchLogs } from '../testing/fake-cloudwatch-logs.ts';
import { logConformance, type WrittenLine } from '../testing/log-conformance.ts';
import { CloudWatchLogs } from './cloudwatch-logs.ts';

let now = Date.parse('2026-11-22T15:00:00Z');
const clock = { now: () => now, after: () => () => undefined };
const fake = new FakeCloudWatchLogs();
let jobs = 0;

const message = ({ at, task, text }: WrittenLine) =>
  JSON.stringify({ t: new Date(at).toISOString(), task, attempt: 0, runnable: 0, stream: 'stdout', text });

function aJob(nodes: number, store = fake) {
  jobs += 1;
  const jobUid = `job-${jobs}`;
  const streams: NodeStream[] = Array.from({ length: nodes }, (_, node) => ({
    key: `group${node === 2 ? 1 : 0}/${node}/0`,
    groupId: node === 2 ? 'group1' : 'group0',
    instanceId: String(node),
    name: `node/agent/${jobUid}-${node}`,
  }));
  const reader = new CloudWatchLogs({
    client: store.client,
    logGroup: '/sluice/sluice/nodes',
    clock,
    streamsOf: async ({ groupId }) =>
      streams.filter((stream) => groupId === undefined || stream.groupId === groupId),
  });
  const write = async (lines: readonly WrittenLine[]) => {
    for (const line of lines) store.put(streams[line.node]?.name ?? '', line.at, message(line));
  };
  return { jobUid, reader, streams, write };
}

logConformance('CloudWatch Logs', async () => aJob(3));

const texts = (page: { entries: readonly { text: string }[] }) => page.entries.map(({ text }) => text);

describe('CloudWatch Logs', () => {
  it('gives lines that come late, after younger ones of other nodes', async () => {
    const { jobUid, reader, write } = aJob(2);
    const at = now - 1_000;
    await write([{ node: 0, task: 0, at: at + 500, text: 'young' }]);
    const first = await reader.read({ jobUid, limit: 10 });
    await write([{ node: 1, task: 1, at, text: 'late' }]);
    const second = await reader.read({ jobUid, limit: 10, cursor: first.cursor });
    expect([texts(first), texts(second)]).toEqual([['young'], ['late']]);
    expect(texts(await reader.read({ jobUid, limit: 10, cursor: second.cursor }))).toEqual([]);
  });

  it('has short tokens once lines have settled', async () => {
    const { jobUid, reader, write } = aJob(100);
    await write(
      Array.from({ length: 100 }, (_, node) => ({ node, task: node, at: now - 60_000 + node, text: 'x' })),
    );
    const { cursor } = await reader.read({ jobUid, limit: 1_000 });
    expect(cursor.length).toBeLessThan(60);
  });

  it('passes over what is no line of a task', async () => {
    const { jobUid, reader, streams, write } = aJob(1);
    fake.put(streams[0]?.name ?? '', now - 20_000, 'sluice-node: ECS does not say which task this is');
    fake.put(streams[0]?.name ?? '', now - 20_000, '{"t":"2026-11-22T14:59');
    await write([{ node: 0, task: 0, at: now - 10_000, text: 'line' }]);
    expect(texts(await reader.read({ jobUid, limit: 1 }))).toEqual(['line']);
  });

  it('reads the streams of many nodes by the hundred, in the order of time', async () => {
    const store = new FakeCloudWatchLogs();
    const { jobUid, reader, write } = aJob(250, store);
    await write(
      Array.from({ length: 500 }, (_, order) => ({
        node: (order * 7) % 250,
        task: order,
        at: now - 600_000 + order,
        text: String(order),
      })),
    );
    const first = await reader.read({ jobUid, limit: 300 });
    expect(store.calls).toHaveLength(3);
    const second = await reader.read({ jobUid, limit: 300, cursor: first.cursor });
    expect([...texts(first), ...texts(second)]).toEqual(
      Array.from({ length: 500 }, (_, order) => String(order)),
    );
  });

  it('says so when a task is not found in time', async () => {
    const store = new FakeCloudWatchLogs(1);
    const { jobUid, reader, write } = aJob(1, store);
    await write(
      Array.from({ length: 50 }, (_, order) => ({ node: 0, task: 1, at: now - 60_000 + order, text: '' })),
    );
    const { client } = store;
    const send = client.send.bind(client) as (command: never) => Promise<never>;
    client.send = (command: never) => {
      now += 1_000;
      return send(command);
    };
    const slow = new CloudWatchLogs({
      client,
      logGroup: 'g',
      clock,
      streamsOf: async () => aJobStreams(jobUid),
    });
    await expect(slow.read({ jobUid, groupId: 'group0', task: 0, limit: 10 })).rejects.toMatchObject({
      status: 'UNAVAILABLE',
    });
    expect((await reader.read({ jobUid, groupId: 'group0', task: 0, limit: 10 })).entries).toEqual([]);
  });
});

const aJobStreams = (jobUid: string): NodeStream[] => [
  { key: 'group0/0/0', groupId: 'group0', instanceId: '0', name: `node/agent/${jobUid}-0` },
];
