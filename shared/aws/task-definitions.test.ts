import { beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../ports/store.ts';
import { FakeTaskDefinitions } from '../testing/fake-task-definitions.ts';
import { memoryStore } from '../testing/memory-store.ts';
import { sweepTaskDefinitions, TaskDefinitions, UNUSED_MS } from './task-definitions.ts';

const DAY_MS = 86_400_000;
let ecs: FakeTaskDefinitions;
let store: Store;
let now: number;
const clock = { now: () => now, after: () => () => undefined };
const ports = () => ({ client: ecs.client, store, clock });
const definition = { family: 'sluice-node-1', containerDefinitions: [] };
const ensured = () => new TaskDefinitions(ports()).ensure(definition);

beforeEach(() => {
  ecs = new FakeTaskDefinitions();
  store = memoryStore();
  now = 1_000 * DAY_MS;
});

describe('ensure', () => {
  it('registers once, and then asks nobody', async () => {
    const definitions = new TaskDefinitions(ports());
    const first = await definitions.ensure(definition);
    expect(first).toMatch(/task-definition\/sluice-node-1:1$/);
    expect(await definitions.ensure(definition)).toBe(first);
    expect(await ensured()).toBe(first);
    expect(ecs.calls).toEqual(['Describe', 'Register']);
  });

  it('takes what ECS has when the table has forgotten it', async () => {
    const first = await ensured();
    store = memoryStore();
    expect(await ensured()).toBe(first);
    expect(ecs.calls).toEqual(['Describe', 'Register', 'Describe']);
  });

  it('makes two families of two contents', async () => {
    await ensured();
    await new TaskDefinitions(ports()).ensure({ ...definition, family: 'sluice-node-2' });
    expect([...ecs.revisions.keys()]).toEqual(['sluice-node-1', 'sluice-node-2']);
  });

  it('says what ECS does not take', async () => {
    ecs.onCall = async (call) => {
      if (call === 'Register') throw new Error('Role is not valid');
    };
    await expect(ensured()).rejects.toThrow('Role is not valid');
  });

  it('gives two planners at the same time definitions that both run', async () => {
    const both = await Promise.all([ensured(), ensured()]);
    for (const arn of both)
      expect(ecs.revisions.get('sluice-node-1')?.[Number(arn.split(':').at(-1)) - 1]).toBe(true);
  });
});

describe('sweepTaskDefinitions', () => {
  it('takes away what nobody has used for longer than any job lasts', async () => {
    await ensured();
    now += UNUSED_MS - 1;
    await sweepTaskDefinitions(ports());
    expect(ecs.revisions.get('sluice-node-1')).toEqual([true]);
    now += 2;
    await sweepTaskDefinitions(ports());
    expect(ecs.revisions.get('sluice-node-1')).toEqual([false]);
    expect(await ensured()).toMatch(/:2$/);
  });

  it('leaves what is in use', async () => {
    await ensured();
    now += UNUSED_MS - DAY_MS;
    await ensured();
    now += 2 * DAY_MS;
    await sweepTaskDefinitions(ports());
    expect(ecs.calls).toEqual(['Describe', 'Register']);
  });

  it('never takes away what a plan got meanwhile', async () => {
    await ensured();
    now += UNUSED_MS + 1;
    let got = '';
    ecs.onCall = async (call) => {
      if (call === 'Deregister') got = await ensured();
    };
    await sweepTaskDefinitions(ports());
    expect(ecs.revisions.get('sluice-node-1')).toEqual([false, true]);
    expect(got).toMatch(/:2$/);
    expect(await ensured()).toBe(got);
  });

  it('ends what an earlier sweep left half done', async () => {
    await ensured();
    now += UNUSED_MS + 1;
    ecs.onCall = async () => {
      throw new Error('throttled');
    };
    await expect(sweepTaskDefinitions(ports())).rejects.toThrow('throttled');
    ecs.onCall = async () => undefined;
    await sweepTaskDefinitions(ports());
    expect(ecs.revisions.get('sluice-node-1')).toEqual([false]);
    expect(await store.queryIndex('index2', { pk: 'TASK-DEFINITIONS', limit: 9 })).toEqual([]);
  });
});
