import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import type { EngineClient } from '../../agent/container/docker/engine-client.ts';
import { serviceForTest, temporaryFolder } from '../../local/testing/service-for-test.ts';
import type { Outcome } from '../../shared/testing/acceptance/outcome.ts';
import { leftInEngine } from './left-in-engine.ts';

/** Runs a job of one task, or of what `group` says, to its end. */
export type RunJob = (runnables: object[], spec?: object, group?: object) => Promise<Outcome>;

/** A service for all tests of a suite, which leaves nothing in the engine. `secrets`: by their names. */
export function embeddedJobs(engine: EngineClient, secrets: Readonly<Record<string, string>> = {}): RunJob {
  const dataDir = temporaryFolder();
  const secretsFile = join(dataDir, 'secrets.json');
  writeFileSync(secretsFile, JSON.stringify(secrets), { mode: 0o600 });
  const { api } = serviceForTest({ dataDir, secretsFile });
  afterAll(async () => {
    // Hooks run from the last to the first: the service is still up, and has nothing to do.
    expect(await leftInEngine(engine, dataDir)).toBe(0);
  });
  let jobs = 0;
  return async (runnables, spec = {}, group = {}) => {
    jobs += 1;
    const name = `job-${jobs}`;
    await api().createJob(name, { taskGroups: [{ ...group, taskSpec: { ...spec, runnables } }] });
    await api().waitForEnd(name, 100);
    return await api().outcome(name);
  };
}

/** A container runnable; without more it is of busybox. */
export function container(given: object, more: object = {}): object {
  return { container: { imageUri: 'sluice-test/busybox:1', ...given }, ...more };
}

/** A container runnable that runs a script of busybox's shell. */
export function shell(text: string, given: object = {}, more: object = {}): object {
  return container({ commands: ['sh', '-c', text], ...given }, more);
}

/** The history of task 0, in words. */
export function eventsOf({ tasks }: Outcome): string[] {
  return (tasks[0]?.status?.statusEvents ?? []).map(({ description }) => description ?? '');
}

/** The exit code of task 0. */
export function exitCodeOf({ tasks }: Outcome): number | undefined {
  const events = tasks[0]?.status?.statusEvents ?? [];
  return events.findLast(({ taskExecution }) => taskExecution)?.taskExecution?.exitCode;
}
