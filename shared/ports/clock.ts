/** Time, so that tests and the simulator can own it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `then` once after `ms`; the returned function calls it off. */
  after(ms: number, then: () => void): () => void;
  /** The random part of a pause, so that many who wait do not come back together. Default: Math.random. */
  jitter?(): number;
}

/** Numbers in [0, 1), as Math.random gives them. */
export type Random = () => number;
