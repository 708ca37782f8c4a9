import { EngineClient } from '../agent/container/docker/engine-client.ts';
import { findEngine } from '../agent/container/docker/find-engine.ts';
import type { LocalSecrets } from '../agent/shell/secrets.ts';
import type { Violation } from '../shared/contract/error.ts';
import type { Job } from '../shared/contract/job.ts';
import type { ContainerProblem } from '../shared/core/container/container-problem.ts';
import { containerProblems, containersOf, volumeProblems } from '../shared/core/container/job-containers.ts';
import { isSecretName } from '../shared/core/secret-name.ts';

/** Why there is no container engine here; undefined when there is one. */
export type EngineCheck = () => Promise<string | undefined>;

/** Asks the engine that this environment names whether it is there. */
export function engineCheck(own: NodeJS.ProcessEnv): EngineCheck {
  return async () => {
    const found = await findEngine(own);
    if (!(found instanceof EngineClient)) return found;
    found.close();
    return undefined;
  };
}

/** What of a job's containers this machine cannot honour. The engine is asked only for a job that has containers. */
export async function checkContainers(job: Job, whyNoEngine: EngineCheck): Promise<ContainerProblem[]> {
  const problems = [...volumeProblems(job), ...containerProblems(job)];
  const containers = [...containersOf(job)];
  const why = containers.length === 0 ? undefined : await whyNoEngine();
  if (why === undefined) return problems;
  const advice = `containers need Docker's engine, and ${why}; start it, set DOCKER_HOST, or use a script`;
  return [
    ...containers.map(({ field }) => ({ kind: 'UNSUPPORTED' as const, field, why: advice })),
    ...problems,
  ];
}

/** Secrets for pulling images that are not there. */
export function* unresolvedLogins(job: Job, secrets: LocalSecrets): Generator<Violation> {
  for (const { field, container } of containersOf(job)) {
    for (const name of ['username', 'password'] as const) {
      const value = container[name];
      if (value === undefined || !isSecretName(value)) continue;
      try {
        secrets.value(`the container's ${name}`, value);
      } catch (error) {
        yield { field: `${field}.${name}`, description: (error as Error).message };
      }
    }
  }
}
