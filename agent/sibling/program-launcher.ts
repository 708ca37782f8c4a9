import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loaderWords } from '../../shared/core/container/sibling-image.ts';
import { type ProgramUser, UnknownUserError } from './image-user.ts';
import type { RunMessage } from './messages.ts';

/** How a program comes to its user and its limits: words before its own, and what Node does itself. */
export interface Launcher {
  readonly words: readonly string[];
  readonly become: { readonly uid?: number; readonly gid?: number };
}

/**
 * Node can change user and group. Further groups and limits need one program more, of those that came with the runtime.
 * Throws an UnknownUserError when the wrapper is not root and so can become nobody else, or when the program is not there.
 */
export function launcherFor(
  runtime: string,
  user: ProgramUser,
  { ulimits = [], isNonRoot = false }: Pick<RunMessage, 'ulimits' | 'isNonRoot'>,
): Launcher {
  const isSelf = user.uid === process.getuid?.() && user.gid === process.getgid?.();
  const limits =
    ulimits.length === 0 ? [] : [...helper(runtime, 'prlimit'), ...ulimits.map((limit) => `--${limit}`)];
  if (isSelf) return { words: limits, become: {} };
  if (process.getuid?.() !== 0)
    throw new UnknownUserError(
      `a program can only be user ${process.getuid?.()} here, not ${user.uid}:${user.gid}`,
    );
  if (user.groups.length === 0 && limits.length === 0 && !isNonRoot)
    return { words: [], become: { uid: user.uid, gid: user.gid } };
  // Limits first: it takes root to raise them.
  const groups = user.groups.length === 0 ? '--clear-groups' : `--groups=${user.groups.join(',')}`;
  // Programs that would give their caller another's rights give none.
  const forGood = isNonRoot ? ['--no-new-privs'] : [];
  const become = [`--reuid=${user.uid}`, `--regid=${user.gid}`, groups, ...forGood];
  return { words: [...limits, ...helper(runtime, 'setpriv'), ...become], become: {} };
}

/** Variables that the loader of any program heeds. They name no secrets. */
const OF_LOADER = /^(?:LD_|GLIBC_)/;

/**
 * A program's environment, and the words before its own, such that what it is to be loaded with is not loaded into the
 * helpers before it: those are of another C library, maybe. The last of them puts these variables back.
 */
export function throughHelpers(
  runtime: string,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): { words: readonly string[]; env: Readonly<Record<string, string>> } {
  const kept = Object.entries(env).filter(([name]) => OF_LOADER.test(name));
  if (words.length === 0 || kept.length === 0) return { words, env };
  const others = Object.entries(env).filter(([name]) => !OF_LOADER.test(name));
  const giveBack = [...helper(runtime, 'env'), ...kept.map(([name, value]) => `${name}=${value}`)];
  return { words: [...words, ...giveBack], env: Object.fromEntries(others) };
}

/** One of the runtime's programs, by the runtime's own loader. */
function helper(runtime: string, name: string): string[] {
  const program = join(runtime, 'bin', name);
  if (!existsSync(program))
    throw new UnknownUserError(`this needs ${name}, which the image of the nodes does not have`);
  return [...loaderWords(runtime), program];
}
