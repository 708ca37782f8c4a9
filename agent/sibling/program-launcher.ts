import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ProgramUser, UnknownUserError } from './image-user.ts';

/** How a program comes to its user and its limits: words before its own, and what Node does itself. */
export interface Launcher {
  readonly words: readonly string[];
  readonly become: { readonly uid?: number; readonly gid?: number };
}

/**
 * Node can change user and group. Further groups and limits need one program more, of those that came with the runtime.
 * Throws an UnknownUserError when the wrapper is not root and so can become nobody else, or when the program is not there.
 */
export function launcherFor(runtime: string, user: ProgramUser, ulimits: readonly string[]): Launcher {
  const isSelf = user.uid === process.getuid?.() && user.gid === process.getgid?.();
  const limits =
    ulimits.length === 0 ? [] : [...helper(runtime, 'prlimit'), ...ulimits.map((limit) => `--${limit}`)];
  if (isSelf) return { words: limits, become: {} };
  if (process.getuid?.() !== 0)
    throw new UnknownUserError(
      `a program can only be user ${process.getuid?.()} here, not ${user.uid}:${user.gid}`,
    );
  if (user.groups.length === 0 && limits.length === 0)
    return { words: [], become: { uid: user.uid, gid: user.gid } };
  // Limits first: it takes root to raise them.
  const groups = user.groups.length === 0 ? '--clear-groups' : `--groups=${user.groups.join(',')}`;
  const become = [...helper(runtime, 'setpriv'), `--reuid=${user.uid}`, `--regid=${user.gid}`, groups];
  return { words: [...limits, ...become], become: {} };
}

/** One of the runtime's programs, by the runtime's own loader. */
function helper(runtime: string, name: string): string[] {
  const program = join(runtime, 'bin', name);
  if (!existsSync(program))
    throw new UnknownUserError(`this needs ${name}, which the image of the nodes does not have`);
  return [...loaderWords(runtime), program];
}

/** How any program of the runtime begins: by the runtime's own loader, with its own libraries. */
export function loaderWords(runtime: string): string[] {
  return [join(runtime, 'loader'), '--library-path', join(runtime, 'lib')];
}
