import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type EventName, eventNames, isPublished } from '../../contract/event.ts';
import { contextOf } from '../../testing/events/read-history.ts';
import type { SampleHistory } from '../../testing/events/sample-history.ts';
import { badHistory, goodHistory } from '../../testing/events/told-jobs.ts';
import { type BatchEvent, eventsOf } from './events-of-change.ts';
import { tellingOrder } from './feed-order.ts';

const samples = JSON.parse(
  readFileSync(new URL('../../contract/event-samples.golden.json', import.meta.url), 'utf8'),
) as Record<string, BatchEvent>;

const told = (history: SampleHistory) =>
  tellingOrder(history.changes).flatMap((change) => eventsOf(change, contextOf(history)));
const names = (events: readonly BatchEvent[], subject: RegExp) =>
  events.filter((event) => subject.test(event.subject)).map(({ attributes }) => attributes.EventName);

describe('samples', () => {
  const first = new Map<string, BatchEvent>();
  for (const event of [...told(goodHistory()), ...told(badHistory())]) {
    const name = event.attributes.EventName ?? '';
    if (!first.has(name)) first.set(name, event);
  }

  it.each(eventNames.filter(isPublished))('%s is told as its golden sample', (name) => {
    expect(first.get(name)).toEqual(samples[name]);
  });

  it('there are no others', () => {
    expect(Object.keys(samples).toSorted()).toEqual(eventNames.filter(isPublished).toSorted());
    expect([...first.keys()].every((name) => isPublished(name as EventName))).toBe(true);
  });
});

describe('a job that goes well', () => {
  const events = told(goodHistory());

  it('is told from its first task to its end', () => {
    expect(names(events, /^[^/]*$/)).toEqual(['JOB_RUNNING', 'JOB_SUCCEED']);
    expect(names(events, /\/group0$/)).toEqual(['TASK_RUNNING', 'TASK_SUCCEED']);
    expect(names(events, /environment$/)).toEqual(['COMPUTE_ENV_CREATED', 'COMPUTE_ENV_DELETED']);
  });

  it('has an event for the start of a task that no seat has shown, from its record', () => {
    expect(names(events, /tasks\/0$/)).toEqual(['TASK_INSTANCE_RUNNING', 'TASK_INSTANCE_SUCCEED']);
  });

  it('says the start of a task once, though its record says it too', () => {
    expect(names(events, /tasks\/1$/)).toEqual(['TASK_INSTANCE_RUNNING', 'TASK_INSTANCE_SUCCEED']);
  });

  it('has labels as one attribute', () => {
    expect(events.every(({ attributes }) => attributes.Labels === '["env=prod","team=search"]')).toBe(true);
    expect(Math.max(...events.map(({ attributes }) => Object.keys(attributes).length))).toBeLessThanOrEqual(
      10,
    );
  });
});

describe('a job that does not', () => {
  const events = told(badHistory());

  it.each([
    [/nodes\/1\.1$/, ['COMPUTE_NODE_CREATION_FAILED']],
    [
      /nodes\/1\.2$/,
      ['COMPUTE_NODE_CREATED', 'COMPUTE_NODE_RUNNING', 'COMPUTE_NODE_DELETING', 'COMPUTE_NODE_ABNORMAL'],
    ],
    [/nodes\/1\.3$/, ['COMPUTE_NODE_CREATED', 'COMPUTE_NODE_RUNNING', 'COMPUTE_NODE_DELETING']],
    [/tasks\/0$/, ['TASK_INSTANCE_RUNNING', 'TASK_INSTANCE_RUNNING', 'TASK_INSTANCE_FAILED']],
    [/tasks\/1$/, ['TASK_INSTANCE_RUNNING', 'TASK_INSTANCE_RUNNING', 'TASK_INSTANCE_SUCCEED']],
    [/^[^/]*$/, ['JOB_RUNNING', 'JOB_FAILED']],
    [/\/group0$/, ['TASK_RUNNING', 'TASK_FAILED']],
  ])('%s', (subject, expected) => {
    expect(names(events, subject)).toEqual(expected);
  });

  it('has each event under an id of its own', () => {
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });
});
