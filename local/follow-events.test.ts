import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OutgoingEvent } from '../shared/ports/event-sink.ts';
import { eventFiles } from './events/event-files.ts';
import { serviceForTest, temporaryFolder } from './testing/service-for-test.ts';

const dataDir = temporaryFolder();
const { api } = serviceForTest({ dataDir, allowOrigin: 'http://pages.test' });
const job = (given: object = {}) => ({
  taskGroups: [{ taskCount: 2, taskSpec: { runnables: [{ script: { text: 'true' } }] } }],
  ...given,
});

interface Message {
  readonly id: string;
  readonly event: OutgoingEvent;
}

/** Opens a stream; what comes after this is on it. */
async function open(path: string, lastEventId?: string) {
  const leaving = new AbortController();
  const headers: Record<string, string> = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const response = await fetch(`${api().endpoint}/v1/${path}`, { headers, signal: leaving.signal });
  const chunks = (response.body ?? new ReadableStream<Uint8Array>()).pipeThrough(new TextDecoderStream());
  /** What comes up to an event of that name, with which the client leaves. */
  async function until(name: string): Promise<Message[]> {
    const messages: Message[] = [];
    let text = '';
    for await (const chunk of chunks) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const [, id, data] = /^id: (.*)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
        text = text.slice(end + 2);
        if (id === undefined || data === undefined) continue;
        const event = JSON.parse(data) as OutgoingEvent;
        messages.push({ id, event });
        if (event.attributes.EventName !== name) continue;
        leaving.abort();
        return messages;
      }
    }
    throw new Error('the stream has ended');
  }
  return { response, until };
}

const names = (messages: readonly Message[]) => messages.map(({ event }) => event.attributes.EventName);
const written = () =>
  eventFiles(join(dataDir, 'events')).flatMap((file) =>
    readFileSync(join(dataDir, 'events', file), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as OutgoingEvent),
  );

describe('GET …/events', () => {
  it('tells of jobs as they run, in the lines of the file, and goes on from any event', async () => {
    const path = `${api().parent}/events`;
    const { response, until } = await open(path);
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(response.headers.get('access-control-allow-origin')).toBe('http://pages.test');
    await api().createJob('followed', job());
    const messages = await until('JOB_SUCCEED');
    expect(messages.map(({ event }) => event)).toEqual(written());
    expect(names(messages)).toEqual(
      expect.arrayContaining(['COMPUTE_NODE_RUNNING', 'JOB_RUNNING', 'TASK_SUCCEED']),
    );
    const again = await open(path, messages[1]?.id);
    expect(await again.until('JOB_SUCCEED')).toEqual(messages.slice(2));
    const all = await open(`projects/test/locations/-/events?lastEventId=oldest&names=JOB_SUCCEED`);
    expect(await all.until('JOB_SUCCEED')).toEqual(messages.slice(-1));
  });

  it('tells of one job, with its tasks', async () => {
    const created = await api().createJob('single', {
      taskGroups: [{ taskSpec: { runnables: [{ script: { text: 'sleep 0.2' } }] } }],
    });
    const { until } = await open(`${api().parent}/jobs/single/events?kinds=job,task`);
    const messages = await until('JOB_SUCCEED');
    expect(names(messages)).toContain('TASK_INSTANCE_SUCCEED');
    expect(new Set(messages.map(({ event }) => event.attributes.JobUid))).toEqual(new Set([created.uid]));
  });

  it("tells what a topic of the job's is told, and the topic's file has it", async () => {
    const notifications = [
      {
        pubsubTopic: 'projects/p/topics/my-jobs',
        message: { type: 'JOB_STATE_CHANGED', newJobState: 'SUCCEEDED' },
      },
      {
        topic_name: 'my-jobs',
        event_configs: [{ event_name: 'JobSucceed', event_vars: [{ name: 'a', value: 'b' }] }],
      },
    ];
    const { until } = await open(`${api().parent}/events?topic=my-jobs`);
    await api().createJob('telling', job({ notifications }));
    const messages = await until('JOB_SUCCEED');
    expect(messages.map(({ event }) => event.attributes.Type ?? event.attributes.EventName)).toEqual([
      'JOB_STATE_CHANGED',
      'JOB_SUCCEED',
    ]);
    const { response, until: ofJob } = await open(
      `${api().parent}/jobs/telling/events?topic=my-jobs&lastEventId=oldest`,
    );
    expect(response.status).toBe(200);
    expect(await ofJob('JOB_SUCCEED')).toEqual(messages);
    const file = join(dataDir, 'events', 'topics', 'my-jobs.jsonl');
    const lines = () => readFileSync(file, 'utf8').split('\n').slice(0, -1);
    await expect.poll(lines).toEqual(messages.map(({ event }) => JSON.stringify(event)));
  });

  it.each([
    ['jobs/none/events', 404, /jobs\/none/],
    ['events?kind=job', 400, /kind: is no parameter of events; allowed: names, kinds, topic, lastEventId/],
    ['events?kinds=job,jobs', 400, /kinds: must be of job, group, task, environment, node; given "jobs"/],
    ['events?names=JOB_FAILED_INTERRUPTED', 400, /names: must be of JOB_RUNNING, /],
    ['events?lastEventId=7', 400, /lastEventId: must be the id of an event, or "oldest"; given "7"/],
    ['events?topic=t&kinds=job', 400, /topic: must be given without names and kinds/],
  ])('%s is answered with %i', async (path, status, message) => {
    const response = await fetch(`${api().endpoint}/v1/${api().parent}/${path}`);
    expect(response.status).toBe(status);
    const { error } = (await response.json()) as { error: { code: number; message: string } };
    expect(error).toMatchObject({ code: status, message: expect.stringMatching(message) });
  });
});
