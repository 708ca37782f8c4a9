import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll } from 'vitest';
import { CloudWatchLogs } from '../../shared/aws/cloudwatch-logs.ts';
import type { NodeStream } from '../../shared/core/node-stream.ts';
import { logConformance, type WrittenLine } from '../../shared/testing/log-conformance.ts';
import { describeDeployed } from './describe-deployed.ts';

/** PutLogEvents takes a megabyte. */
const LINES_A_CALL = 1_000;
const logGroupName = `/test/${crypto.randomUUID()}`;
const clock = { now: () => Date.now(), after: () => () => undefined };

describeDeployed('a log group of the account', ({ clients: { logs: client } }) => {
  beforeAll(async () => void (await client.send(new CreateLogGroupCommand({ logGroupName }))));
  afterAll(async () => void (await client.send(new DeleteLogGroupCommand({ logGroupName }))));

  // An hour ago: CloudWatch takes nothing that is older than two weeks.
  logConformance('the reader of CloudWatch Logs', async () => aJob(), Date.now() - 3_600_000);

  function aJob() {
    const jobUid = `job-${crypto.randomUUID()}`;
    const streams = [0, 1, 2].map(
      (node): NodeStream => ({
        key: `group${node === 2 ? 1 : 0}/${node}/0`,
        groupId: node === 2 ? 'group1' : 'group0',
        instanceId: String(node),
        name: `node/agent/${jobUid}-${node}`,
      }),
    );
    const reader = new CloudWatchLogs({
      client,
      logGroup: logGroupName,
      clock,
      streamsOf: async ({ groupId }) =>
        streams.filter((stream) => groupId === undefined || stream.groupId === groupId),
    });
    const begun = new Set<string>();
    async function put(logStreamName: string, lines: readonly WrittenLine[]) {
      const place = { logGroupName, logStreamName };
      if (!begun.has(logStreamName)) await client.send(new CreateLogStreamCommand(place));
      begun.add(logStreamName);
      for (let from = 0; from < lines.length; from += LINES_A_CALL) {
        const logEvents = lines
          .slice(from, from + LINES_A_CALL)
          .map((line) => ({ timestamp: line.at, message: messageOf(line) }));
        await client.send(new PutLogEventsCommand({ ...place, logEvents }));
      }
    }
    async function write(lines: readonly WrittenLine[]) {
      for (const [node, { name }] of streams.entries()) {
        const its = lines.filter((line) => line.node === node);
        if (its.length > 0) await put(name, its);
      }
    }
    return { jobUid, reader, write };
  }
});

/** A line as an agent writes it. */
function messageOf({ at, task, text }: WrittenLine): string {
  return JSON.stringify({
    t: new Date(at).toISOString(),
    task,
    attempt: 0,
    runnable: 0,
    stream: 'stdout',
    text,
  });
}
