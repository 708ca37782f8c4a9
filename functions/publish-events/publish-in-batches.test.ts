import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FailedEvent, OutgoingEvent } from '../../shared/ports/event-sink.ts';
import { batchesOf, publishInBatches } from './publish-in-batches.ts';

const event = (id: string, subject = id): OutgoingEvent => ({ id, subject, attributes: {}, message: id });

/** A sink that refuses some messages some times. */
function refusingSink(refusals: Record<string, { times: number; retryable: boolean }>) {
  const calls: string[][] = [];
  const taken: string[] = [];
  const aside: string[] = [];
  const waits: number[] = [];
  const ports = {
    sink: {
      batchSize: 10,
      keepsOrder: false,
      async publish(batch: readonly OutgoingEvent[]) {
        calls.push(batch.map(({ id }) => id));
        const failed: FailedEvent[] = [];
        for (const { id } of batch) {
          const refusal = refusals[id];
          if (refusal === undefined || refusal.times === 0) taken.push(id);
          else {
            refusal.times -= 1;
            failed.push({ id, reason: 'refused', retryable: refusal.retryable });
          }
        }
        return { failed };
      },
    },
    clock: {
      now: () => 0,
      after(ms: number, then: () => void) {
        waits.push(ms);
        queueMicrotask(then);
        return () => undefined;
      },
    },
    deadLetter: async ({ id }: OutgoingEvent, reason: string) => void aside.push(`${id}: ${reason}`),
  };
  return { ports, calls, taken, aside, waits };
}

describe('batches', () => {
  it('hold ten messages, and every message once, those of a subject in order and never twice in one', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6), { maxLength: 80 }), (subjects) => {
        const events = subjects.map((subject, at) => event(String(at), String(subject)));
        const batches = [...batchesOf(events, { batchSize: 10, keepsOrder: false })];
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(10);
          expect(new Set(batch.map(({ subject }) => subject)).size).toBe(batch.length);
        }
        const sent = batches.flat();
        expect(sent.map(({ id }) => Number(id)).toSorted((a, b) => a - b)).toEqual(events.map((_, at) => at));
        for (const one of new Set(subjects)) {
          const of = (list: readonly OutgoingEvent[]) =>
            list.filter(({ subject }) => subject === String(one)).map(({ id }) => id);
          expect(of(sent)).toEqual(of(events));
        }
      }),
    );
  });

  it('are slices for a sink that takes a batch as a whole', () => {
    const events = Array.from({ length: 5 }, (_, at) => event(String(at), 'one'));
    const batches = [...batchesOf(events, { batchSize: 2, keepsOrder: true })];
    expect(batches.map((batch) => batch.length)).toEqual([2, 2, 1]);
  });

  it('of many subjects are full', () => {
    const events = Array.from({ length: 100 }, (_, at) => event(String(at)));
    expect([...batchesOf(events, { batchSize: 10, keepsOrder: false })]).toHaveLength(10);
  });
});

describe('a message that fails', () => {
  it('is tried alone, before what comes after it', async () => {
    const { ports, calls, taken, aside } = refusingSink({ b: { times: 2, retryable: true } });
    await publishInBatches(ports, [event('a'), event('b', 'B'), event('c', 'B')]);
    expect(calls).toEqual([['a', 'b'], ['b'], ['b'], ['c']]);
    expect([taken, aside]).toEqual([['a', 'b', 'c'], []]);
  });

  it('goes aside after its last try, and blocks no other', async () => {
    const { ports, taken, aside, waits } = refusingSink({ b: { times: 99, retryable: true } });
    await publishInBatches(ports, [event('a'), event('b', 'B'), event('c', 'B')]);
    expect(taken).toEqual(['a', 'c']);
    expect(aside).toEqual(['b: refused']);
    expect(waits).toEqual([100, 400, 1600]);
  });

  it('goes aside at once when no other try can help', async () => {
    const { ports, calls, aside } = refusingSink({ b: { times: 99, retryable: false } });
    await publishInBatches(ports, [event('a'), event('b')]);
    expect(calls).toHaveLength(1);
    expect(aside).toEqual(['b: refused']);
  });

  it('has the whole repeated when the sink itself fails', async () => {
    const { ports } = refusingSink({});
    const publish = () => Promise.reject(new Error('the network is down'));
    await expect(
      publishInBatches({ ...ports, sink: { ...ports.sink, publish } }, [event('a')]),
    ).rejects.toThrow('network');
  });

  it('has no other lane wait for it', async () => {
    const { ports, taken } = refusingSink({});
    const sink = {
      ...ports.sink,
      laneOf: ({ subject }: OutgoingEvent) => subject,
      async publish(batch: readonly OutgoingEvent[]) {
        if (batch[0]?.subject === 'A') throw new Error('this topic is closed');
        return ports.sink.publish(batch);
      },
    };
    const events = [event('a', 'A'), event('b', 'B'), event('c', 'A'), event('d', 'B')];
    await expect(publishInBatches({ ...ports, sink }, events)).rejects.toThrow('closed');
    expect(taken).toEqual(['b', 'd']);
  });
});
