import { buffer } from 'node:stream/consumers';
import { isNamedUser, namedRootText } from '../../../shared/core/container/non-root.ts';
import { findUser } from '../../sibling/image-user.ts';
import { type EngineClient, EngineError } from './engine-client.ts';

const BLOCK = 512;
/** Of an entry in a tar archive: a file as it is. */
const REGULAR = new Set(['0', '\0']);

/**
 * Looks into a container that does not run yet whether its user is another name of root's. Throws an Error in words if it is, or
 * if that cannot be told: the engine takes a line of /etc/passwd without a number for root's, and `+0` for one.
 */
export async function refuseNamedRoot(
  client: Pick<EngineClient, 'stream'>,
  container: string,
  user: string,
): Promise<void> {
  if (!isNamedUser(user)) return;
  // A group may be named too, which makes nobody root.
  const [name = ''] = user.split(':', 1);
  const passwd = await passwdOf(client, container);
  if (findUser(name, { passwd, group: '' }).uid === 0) throw new Error(namedRootText(name));
}

/** The text of the container's /etc/passwd; empty when it has none. */
async function passwdOf(client: Pick<EngineClient, 'stream'>, container: string): Promise<string> {
  const query = new URLSearchParams({ path: '/etc/passwd' });
  try {
    const archive = await buffer(await client.stream('GET', `/containers/${container}/archive?${query}`));
    if (!REGULAR.has(archive.toString('latin1', 156, 157)))
      throw new Error('who its user is cannot be told: /etc/passwd of the image is no file');
    const size = Number.parseInt(archive.toString('latin1', 124, 136), 8);
    return archive.toString('utf8', BLOCK, BLOCK + size);
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return '';
    throw error;
  }
}
