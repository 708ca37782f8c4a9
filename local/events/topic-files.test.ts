import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JobNotification } from '../../shared/contract/notification.ts';
import { outgoingOf } from '../../shared/testing/events/read-history.ts';
import { goodHistory } from '../../shared/testing/events/told-jobs.ts';
import { lineOf } from './jsonl-sink.ts';
import { topicFiles } from './topic-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topics-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const notifications: JobNotification[] = [
  { pubsubTopic: 'projects/p/topics/jobs', message: { type: 'JOB_STATE_CHANGED' } },
  { topicName: 'ended', eventConfigs: [{ eventName: 'JOB_SUCCEED' }] },
  { topicName: 'arn:aws:sns:us-east-1:123456789012:jobs', eventConfigs: [{ eventName: 'JOB_RUNNING' }] },
];
const events = outgoingOf(goodHistory(), notifications);
const meant = events.filter((event) => topicFiles('').wants(lineOf(event)));
const linesOf = (topic: string) =>
  readFileSync(join(folder, `${topic}.jsonl`), 'utf8')
    .split('\n')
    .slice(0, -1);
const idsOf = (topic: string) => linesOf(topic).map((line) => (JSON.parse(line) as { id: string }).id);
const idsFor = (...topics: string[]) =>
  meant.filter(({ topic = '' }) => topics.includes(topic)).map(({ id }) => id);

it('each topic has its file, with the lines of its messages, whatever its project or account', async () => {
  expect(await topicFiles(folder).sink.publish(meant)).toEqual({ failed: [] });
  expect(readdirSync(folder).sort()).toEqual(['ended.jsonl', 'jobs.jsonl']);
  expect(idsOf('ended')).toEqual(idsFor('ended'));
  expect(idsOf('jobs')).toEqual(idsFor('projects/p/topics/jobs', 'arn:aws:sns:us-east-1:123456789012:jobs'));
  expect(linesOf('ended')).toEqual(
    meant.filter(({ topic }) => topic === 'ended').map((event) => lineOf(event).trimEnd()),
  );
});

it('what a service has written before it was killed is not written again by the next, and a torn line is mended', async () => {
  await topicFiles(folder).sink.publish(meant.slice(0, 3));
  appendFileSync(join(folder, 'jobs.jsonl'), '{"id":"torn');
  await topicFiles(folder).sink.publish(meant);
  expect(idsOf('jobs')).toHaveLength(5);
  expect(new Set(idsOf('jobs')).size).toBe(5);
});

it('a file that cannot be written holds up no other', async () => {
  mkdirSync(join(folder, 'jobs.jsonl'));
  const { failed } = await topicFiles(folder).sink.publish(meant);
  expect(idsOf('ended')).toHaveLength(1);
  expect(failed).toHaveLength(5);
  expect(failed.every(({ retryable }) => retryable)).toBe(true);
});

it('what a full disk has taken only a part of is written whole once there is room', async () => {
  let isFull = true;
  const { sink } = topicFiles(folder, (file, text, options) => {
    appendFileSync(file, isFull ? text.slice(0, text.length / 2) : text, options);
    if (isFull) throw new Error('ENOSPC');
  });
  const first = await sink.publish(meant);
  expect(first.failed).toHaveLength(6);
  isFull = false;
  expect(await sink.publish(meant)).toEqual({ failed: [] });
  expect(idsOf('ended')).toEqual(idsFor('ended'));
  expect(idsOf('jobs')).toEqual(idsFor('projects/p/topics/jobs', 'arn:aws:sns:us-east-1:123456789012:jobs'));
});

it('events of the deployment itself are for no topic', () => {
  expect(meant).toHaveLength(6);
  expect(meant.every(({ topic }) => topic !== undefined)).toBe(true);
});
