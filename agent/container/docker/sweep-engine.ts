import { setTimeout as pause } from 'node:timers/promises';
import { type EngineClient, EngineError } from './engine-client.ts';

const ROUNDS = 20;
const PAUSE_MS = 200;

/**
 * Removes all that carries these labels: containers with what runs in them, then volumes and networks. Looks again until
 * nothing is there. `label`: `name=value`, or a name. `mayComeLate`: it is looked for twice at least, for what its maker
 * asked for just before it died may come late.
 */
export async function sweepEngine(
  client: EngineClient,
  label: string,
  { mayComeLate = false } = {},
): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    if (round > 0) await pause(PAUSE_MS);
    const found = (await sweepOnce(client, label)) > 0;
    if (!found && (round > 0 || !mayComeLate)) return;
  }
  throw new Error(`there are still containers, volumes or networks with the label ${label}`);
}

/** Removes what is there now; returns how many things there were. */
async function sweepOnce(client: EngineClient, label: string): Promise<number> {
  const filters = { label: [label] };
  const containers = await client.call<{ Id: string }[]>('GET', '/containers/json', {
    query: { all: true, filters },
  });
  await Promise.all(containers.map(({ Id }) => removeContainer(client, Id)));
  const volumes = await client.call<{ Volumes: { Name: string }[] | null }>('GET', '/volumes', {
    query: { filters },
  });
  const names = (volumes.Volumes ?? []).map(({ Name }) => `/volumes/${Name}`);
  const networks = await client.call<{ Id: string }[]>('GET', '/networks', { query: { filters } });
  const paths = [...names, ...networks.map(({ Id }) => `/networks/${Id}`)];
  await Promise.all(paths.map((path) => client.call('DELETE', path).catch(ignoreGone)));
  return containers.length + paths.length;
}

/** Kills a container and removes it with its anonymous volumes. */
export async function removeContainer(client: EngineClient, id: string): Promise<void> {
  await client.call('DELETE', `/containers/${id}`, { query: { force: true, v: true } }).catch(ignoreGone);
}

// 404: somebody was faster; 409: somebody is at it; 403, 409: it is still used. Whoever wants to be sure looks again.
function ignoreGone(error: unknown): void {
  if (!(error instanceof EngineError) || ![403, 404, 409].includes(error.status)) throw error;
}
