import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  eventBodySchemas,
  eventMessageSchema,
  eventNames,
  eventTable,
  isPublished,
  subjectKinds,
} from './event.ts';

const samples = JSON.parse(
  readFileSync(new URL('event-samples.golden.json', import.meta.url), 'utf8'),
) as Record<string, { message: unknown }>;

/** The one message that Tencent Batch's user guide shows, word for word. */
const documented = {
  Events: [
    {
      EventVersion: '1.0',
      EventTime: '2018-06-15T14:43:17Z',
      Region: 'ap-guangzhou',
      Batch: {
        ComputeNodeId: 'node-0iy7wxyo',
        EnvId: 'env-ptoxdb1t',
        ComputeNodeState: 'CREATED',
        Mem: 8,
        ResourceCreatedTime: '2018-06-15T14:43:18Z',
        EnvName: 'batch-env',
        ComputeNodeInstanceId: 'ins-9rikj9kw',
        Cpu: 4,
      },
      EventName: 'COMPUTE_NODE_CREATED',
      EventVars: [],
    },
  ],
};

describe('the message', () => {
  it('is the documented one', () => {
    expect(eventMessageSchema.parse(documented)).toEqual(documented);
  });

  it('has the fields of the documented one in its order', () => {
    const { message } = samples.COMPUTE_NODE_CREATED as { message: typeof documented };
    const fields = (event: typeof documented) =>
      [event.Events[0], event.Events[0]?.Batch].map((part) => Object.keys(part ?? {}));
    expect(fields(message)).toEqual(fields(documented));
  });

  it.each(eventNames.filter(isPublished))('%s has a sample of its form', (name) => {
    const { message } = samples[name] ?? { message: undefined };
    expect(eventMessageSchema.parse(message)).toEqual(message);
  });

  it('refuses the body of another subject', () => {
    const wrong = structuredClone(documented);
    Object.assign(wrong.Events[0] ?? {}, { EventName: 'JOB_FAILED' });
    expect(eventMessageSchema.safeParse(wrong).success).toBe(false);
  });

  it('takes parameters beside the body', () => {
    const withVars = structuredClone(documented) as { Events: object[] };
    Object.assign(withVars.Events[0] ?? {}, { EventVars: [{ Name: 'jobSucceed', Value: 'Success' }] });
    expect(eventMessageSchema.parse(withVars)).toEqual(withVars);
  });
});

describe('the table of names', () => {
  it('has twelve of jobs and seven of computing environments, as documented', () => {
    const count = (of: string) => eventNames.filter((name) => eventTable[name].of === of).length;
    expect(subjectKinds.map(count)).toEqual([4, 4, 4, 2, 5]);
  });

  it.each(eventNames)('%s names a state that its body can have, and ends with it', (name) => {
    const { of, state } = eventTable[name];
    expect(name.endsWith(state)).toBe(true);
    const field = Object.entries(eventBodySchemas[of].shape).find(([key]) =>
      /^(Job|Task|TaskInstance|ComputeNode)State$/.test(key),
    )?.[1];
    if (field !== undefined) expect(field.safeParse(state).success).toBe(true);
  });
});
