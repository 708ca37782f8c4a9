import { engineAddress } from './engine-address.ts';
import { EngineClient } from './engine-client.ts';

/**
 * The engine of this machine, or, as a text, why there is none: no DOCKER_HOST that can be read, nobody who answers.
 * `own`: the environment with DOCKER_HOST.
 */
export async function findEngine(own: NodeJS.ProcessEnv): Promise<EngineClient | string> {
  let client: EngineClient | undefined;
  try {
    client = new EngineClient(engineAddress(own));
    await client.version();
    return client;
  } catch (error) {
    client?.close();
    if (client === undefined) return (error as Error).message;
    return `no container engine answers at ${client.address.text} (${reasonOf(error as NodeJS.ErrnoException)})`;
  }
}

const reasons: Record<string, string> = {
  ENOENT: 'there is no such socket',
  ECONNREFUSED: 'the connection is refused',
  EACCES: 'this user may not open the socket; the group docker may',
};

function reasonOf(error: NodeJS.ErrnoException): string {
  return reasons[error.code ?? ''] ?? error.message;
}
