import { describe, expect, it } from 'vitest';
import type { Job } from '../../contract/job.ts';
import type { BatchApi } from './batch-api.ts';
import { forProject, readExamples } from './example.ts';
import { outOfOrder, readSeries } from './job-series.ts';
import { compareOutcome } from './outcome.ts';

/** Resolves with the first so many messages that a topic was told, each once. */
export type Hear = (topic: string, count: number) => Promise<string[]>;

export interface AcceptanceTarget {
  /** Where the examples run, for the names of tests. */
  readonly name: string;
  readonly api: () => BatchApi;
  /** Nodes share no files there. */
  readonly manyMachines?: boolean;
  /** Makes the topics that a job tells before it is there, and hears them; without it the API is asked what was told. */
  readonly listen?: (topics: readonly string[]) => Promise<Hear>;
  /** Why containers cannot be run there, if so: examples with containers are skipped, and say it. */
  readonly noContainers?: string | undefined;
  /** Puts secrets, by their names, where jobs of the API's project find them. */
  readonly putSecrets: (secrets: Readonly<Record<string, string>>) => Promise<void>;
  /** How long a job may take, in seconds; default 90. */
  readonly seconds?: number;
}

/** Runs every example against an installation: one suite, any target. */
export function acceptanceSuite({
  name: target,
  api,
  manyMachines = false,
  listen,
  noContainers,
  putSecrets,
  seconds = 90,
}: AcceptanceTarget): void {
  describe(`the examples on ${target}`, () => {
    for (const { name, job, expected, hasContainers } of readExamples('examples')) {
      const stays = manyMachines && expected.oneMachine && `runs on one machine only: ${expected.oneMachine}`;
      const waits = hasContainers && noContainers && `needs containers, and ${noContainers}`;
      const reason = stays || waits || undefined;
      it.skipIf(reason !== undefined)(
        `${name} ${reason ?? 'comes out as expected'}`,
        async () => {
          const { told = {} } = expected;
          const hear = await listen?.(Object.keys(told));
          if (expected.secrets !== undefined) await putSecrets(expected.secrets);
          await api().createJob(name, forProject(job, api().parent));
          await api().waitForEnd(name, seconds);
          expect(compareOutcome(expected, await api().outcome(name))).toEqual([]);
          for (const [topic, patterns] of Object.entries(told)) {
            const messages = await (hear?.(topic, patterns.length) ??
              api().told(name, topic, patterns.length));
            expect(messages).toEqual(patterns.map((pattern) => expect.stringMatching(new RegExp(pattern))));
          }
        },
        (seconds + 30) * 1000,
      );
    }

    it.each(readSeries('examples'))(
      '$name, of several jobs, comes out as expected',
      async ({ jobs, inOrder }) => {
        for (const { id, job } of jobs) await api().createJob(id, job);
        const ended = new Map<string, Job>();
        for (const { id } of jobs) ended.set(id, await api().waitForEnd(id, seconds));
        for (const { id, expected } of jobs)
          expect(compareOutcome(expected, await api().outcome(id)), id).toEqual([]);
        expect(outOfOrder(inOrder, ended)).toEqual([]);
      },
      (4 * seconds + 30) * 1000,
    );
  });
}
