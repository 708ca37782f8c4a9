import { describe, expect, it } from 'vitest';
import type { BatchApi } from './batch-api.ts';
import { readExamples } from './example.ts';
import { compareOutcome } from './outcome.ts';

export interface AcceptanceTarget {
  /** Where the examples run, for the names of tests. */
  readonly name: string;
  readonly api: () => BatchApi;
  /** Nodes share no files there. */
  readonly manyMachines?: boolean;
  /** How long a job may take, in seconds; default 90. */
  readonly seconds?: number;
}

/** Runs every example against an installation: one suite, any target. */
export function acceptanceSuite({
  name: target,
  api,
  manyMachines = false,
  seconds = 90,
}: AcceptanceTarget): void {
  describe(`the examples on ${target}`, () => {
    for (const { name, job, expected } of readExamples('examples')) {
      const reason = manyMachines ? expected.oneMachine : undefined;
      it.skipIf(reason !== undefined)(
        `${name} ${reason === undefined ? 'comes out as expected' : `runs on one machine only: ${reason}`}`,
        async () => {
          await api().createJob(name, job);
          await api().waitForEnd(name, seconds);
          expect(compareOutcome(expected, await api().outcome(name))).toEqual([]);
        },
        (seconds + 30) * 1000,
      );
    }
  });
}
