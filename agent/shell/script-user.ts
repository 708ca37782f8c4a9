import { chmodSync, chownSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { nonRootUser } from '../../shared/core/container/non-root.ts';
import { loaderWords } from '../../shared/core/container/sibling-image.ts';
import { SIBLING_PLACES } from '../../shared/core/container/sibling-places.ts';
import { inheritedVariables } from './environment.ts';

/** As whom a node's scripts run. */
export interface ScriptUser {
  /** Words that come before those of a shell, and make it this user's. */
  readonly words: readonly string[];
  /** What shells have in their environment before a job says anything. */
  readonly environment: Record<string, string>;
  /** A folder that the user may read: of scripts, and of the pipes that they write to. */
  readonly folder: string;
  /** Whom these pipes must belong to; undefined when that is the agent's own user. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Removes what was made for the user. */
  close(): void;
}

/** Where a program of util-linux is on a usual machine. */
const PLACES = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/**
 * The program that changes users: of the runtime that a container before the agent's has copied, where there is one, else of
 * the machine. Undefined where there is none.
 */
export function findSetpriv(): readonly string[] | undefined {
  const copied = join(SIBLING_PLACES.runtime, 'bin/setpriv');
  if (existsSync(copied)) return [...loaderWords(SIBLING_PLACES.runtime), copied];
  const place = PLACES.find((folder) => existsSync(join(folder, 'setpriv')));
  return place === undefined ? undefined : [join(place, 'setpriv')];
}

/** Why scripts of an agent of this user could be nothing but root; undefined when they can, or are not anyway. */
export function whyScriptsAreRoot(): string | undefined {
  if (process.getuid?.() !== 0 || findSetpriv() !== undefined) return undefined;
  return 'the service runs as root, and to give that up scripts need setpriv, which is not on this machine; install util-linux, or start the service as another user';
}

/** A folder of a node's scripts that are not root's, in a place that is open to all. It is gone with the node. */
export function nonRootFolder(instance: string): string {
  return join('/tmp', `sluice-${instance}`);
}

/**
 * Scripts run as the agent's own user, unless its group says `runAsNonRoot` and that is root: then as one who may do nothing,
 * with a home of its own. No program of such a group gains rights by being started. `own`: the agent's environment.
 */
export function openScriptUser(
  { runDir, instance, runAsNonRoot }: { runDir: string; instance: string; runAsNonRoot?: boolean },
  own: NodeJS.ProcessEnv,
): ScriptUser {
  const plain = { words: [], environment: inheritedVariables(own), folder: runDir, close: () => undefined };
  if (runAsNonRoot !== true) return plain;
  const setpriv = findSetpriv();
  if (process.getuid?.() !== 0)
    return setpriv === undefined ? plain : { ...plain, words: [...setpriv, '--no-new-privs'] };
  const { uid, gid } = nonRootUser;
  const folder = nonRootFolder(instance);
  const home = join(folder, 'home');
  // It fails where somebody else has made one of that name.
  for (const path of [folder, home]) mkdirSync(path);
  // Others of this machine have no business there: scripts can be read in it.
  chownSync(folder, 0, gid);
  chmodSync(folder, 0o750);
  chmodSync(home, 0o700);
  chownSync(home, uid, gid);
  const { USER: _, LOGNAME: __, ...environment } = plain.environment;
  const become = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs'];
  return {
    // Without the program no shell starts, and the task says so.
    words: [...(setpriv ?? ['setpriv']), ...become],
    environment: { ...environment, HOME: home },
    folder,
    owner: nonRootUser,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
