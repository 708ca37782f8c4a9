import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MARK } from '../../agent/container/docker/docker-engine.ts';
import { findEngine } from '../../agent/container/docker/find-engine.ts';
import { labels } from '../../agent/container/docker/labels.ts';
import { sweepEngine } from '../../agent/container/docker/sweep-engine.ts';

/** Whether a node that is gone may have left containers: one that ended well has taken its folder with it. */
export function mayHaveContainers(runDir: string): boolean {
  return existsSync(join(runDir, MARK));
}

/**
 * Removes all that a node left in its engine, which its mark names; the service may have another one by now. Throws when
 * that cannot be reached or something stays.
 */
export async function sweepContainers(instance: string, runDir: string): Promise<void> {
  const address = readFileSync(join(runDir, MARK), 'utf8');
  const engine = await findEngine({ ...process.env, ...(address === '' ? {} : { DOCKER_HOST: address }) });
  if (typeof engine === 'string') throw new Error(engine);
  try {
    await sweepEngine(engine, `${labels.node}=${instance}`, { mayComeLate: true });
  } finally {
    engine.close();
  }
}
