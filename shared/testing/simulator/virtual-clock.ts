import type { Clock } from '../../ports/clock.ts';

interface Alarm {
  readonly at: number;
  /** Orders alarms of the same time: first set, first rung. */
  readonly order: number;
  ring: (() => void) | undefined;
}

/** 2026-01-01, so that times look like times. */
const START_MS = Date.UTC(2026, 0, 1);

/** Time that passes only from one alarm to the next. */
export class VirtualClock implements Clock {
  /** A binary heap, the earliest alarm first. */
  readonly #heap: Alarm[] = [];
  #now = START_MS;
  #set = 0;

  now(): number {
    return this.#now;
  }

  /** Milliseconds since the start. */
  get passed(): number {
    return this.#now - START_MS;
  }

  after(ms: number, then: () => void): () => void {
    this.#set += 1;
    const alarm: Alarm = { at: this.#now + Math.max(0, Math.ceil(ms)), order: this.#set, ring: then };
    this.#rise(alarm);
    return () => {
      alarm.ring = undefined;
    };
  }

  /** Goes on to the next alarm and rings it; false when there is none. */
  ringNext(): boolean {
    for (let alarm = this.#take(); alarm !== undefined; alarm = this.#take()) {
      if (alarm.ring === undefined) continue;
      this.#now = alarm.at;
      alarm.ring();
      return true;
    }
    return false;
  }

  #rise(alarm: Alarm): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(alarm);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || isBefore(parent, alarm)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = alarm;
  }

  #take(): Alarm | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      const right = heap[2 * at + 2];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (isBefore(last, child)) break;
      heap[at] = child;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Alarm, b: Alarm): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
