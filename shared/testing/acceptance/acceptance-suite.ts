import { describe, expect, it } from 'vitest';
import type { BatchApi } from './batch-api.ts';
import { readExamples } from './example.ts';
import { compareOutcome } from './outcome.ts';

/** Runs every example against an installation: one suite, any target. */
export function acceptanceSuite(target: string, api: () => BatchApi): void {
  describe(`the examples on ${target}`, () => {
    it.each(readExamples('examples'))(
      '$name comes out as expected',
      async ({ name, job, expected }) => {
        await api().createJob(name, job);
        await api().waitForEnd(name, 90);
        expect(compareOutcome(expected, await api().outcome(name))).toEqual([]);
      },
      120_000,
    );
  });
}
