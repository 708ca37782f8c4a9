import type { EngineClient } from '../../agent/container/docker/engine-client.ts';
import { labels } from '../../agent/container/docker/labels.ts';

interface Labelled {
  readonly Labels: Readonly<Record<string, string>> | null;
}

/** A container that runs, as the engine lists it. */
export interface RunningContainer extends Labelled {
  readonly Id: string;
}

/** Containers of a job that run now. */
export async function runningContainers(engine: EngineClient, jobUid: string): Promise<RunningContainer[]> {
  const filters = { label: [`${labels.jobUid}=${jobUid}`], status: ['running'] };
  return await engine.call('GET', '/containers/json', { query: { filters } });
}

/** How many containers, volumes and networks nodes of a service with this data folder have in the engine. */
export async function leftInEngine(engine: EngineClient, dataDir: string): Promise<number> {
  const query = { all: true, filters: { label: [labels.runDir] } };
  const containers = await engine.call<Labelled[]>('GET', '/containers/json', { query });
  const { Volumes } = await engine.call<{ Volumes: Labelled[] | null }>('GET', '/volumes', { query });
  const networks = await engine.call<Labelled[]>('GET', '/networks', { query });
  const all = [...containers, ...(Volumes ?? []), ...networks];
  return all.filter(({ Labels }) => Labels?.[labels.runDir]?.startsWith(`${dataDir}/`)).length;
}
