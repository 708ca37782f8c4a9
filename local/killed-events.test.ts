import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OutgoingEvent } from '../shared/ports/event-sink.ts';
import { BatchApi } from '../shared/testing/acceptance/batch-api.ts';
import { firstTold } from '../shared/testing/events/told-order.ts';
import { eventFiles } from './events/event-files.ts';
import { eventually, ServedProcess } from './testing/served-process.ts';
import { temporaryFolder } from './testing/service-for-test.ts';

const TASKS = 30;
const KILLS = 4;
const dataDir = join(temporaryFolder(), 'data');
const seen: OutgoingEvent[] = [];
let requests = 0;
let hook: Server;
let served: ServedProcess;

/** A webhook that fails now and then, before or after it has taken the event. */
beforeAll(async () => {
  hook = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      requests += 1;
      if (requests % 29 !== 0) seen.push(JSON.parse(Buffer.concat(chunks).toString()) as OutgoingEvent);
      response.writeHead(requests % 29 === 0 || requests % 37 === 0 ? 503 : 204).end();
    });
  });
  await new Promise<void>((listening) => hook.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
  served = new ServedProcess(dataDir, ['--webhook', url, '--quiet']);
  await served.start();
});
afterAll(async () => {
  const agents = served.agents();
  await served.kill();
  for (const pid of agents) process.kill(pid, 'SIGTERM');
  hook.close();
});

const linesOf = (file: string) =>
  (existsSync(file) ? readFileSync(file, 'utf8') : '')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as OutgoingEvent);
const written = () =>
  eventFiles(join(dataDir, 'events')).flatMap((file) => linesOf(join(dataDir, 'events', file)));

it('a service that is killed again and again tells its receivers everything, each subject in its order', async () => {
  const api = () => new BatchApi(served.endpoint);
  const job = {
    labels: { 'sluice-events': 'all' },
    taskGroups: [{ taskCount: TASKS, taskSpec: { runnables: [{ script: { text: 'sleep 0.02' } }] } }],
    notifications: [{ pubsubTopic: 'projects/p/topics/told', message: { type: 'JOB_STATE_CHANGED' } }],
  };
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = seen.length;
    await api().createJob(`told-${kill}`, job);
    await eventually('the webhook is told', () => seen.length > before + 10);
    await served.kill();
    await served.start();
  }
  for (let kill = 0; kill < KILLS; kill += 1)
    expect((await api().waitForEnd(`told-${kill}`)).status?.state).toBe('SUCCEEDED');
  const ended = (events: readonly OutgoingEvent[]) =>
    events.filter(({ topic, attributes }) => topic === undefined && attributes.EventName === 'JOB_SUCCEED')
      .length;
  await eventually('all is written', () => ended(written()) === KILLS);
  const events = written().filter(({ topic }) => topic === undefined);
  await eventually('the webhook has all', () => new Set(seen.map(({ id }) => id)).size >= events.length, 60);
  const told = written().filter(({ topic }) => topic !== undefined);
  const topicFile = join(dataDir, 'events', 'topics', 'told.jsonl');
  await eventually('the file of the topic has all', () => linesOf(topicFile).length >= told.length);

  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  const ofKind = (kind: string) => events.filter(({ attributes }) => attributes.Kind === kind);
  expect(ofKind('job')).toHaveLength(2 * KILLS);
  expect(ofKind('group')).toHaveLength(2 * KILLS);
  expect(ofKind('environment')).toHaveLength(2 * KILLS);
  expect(ofKind('task')).toHaveLength(2 * KILLS * TASKS);
  expect(firstTold(seen)).toEqual(firstTold(events));
  expect(linesOf(topicFile)).toEqual(told);
  expect(told).toHaveLength(4 * KILLS);
}, 120_000);
