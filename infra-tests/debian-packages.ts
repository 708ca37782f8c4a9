import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { firstLine } from './failed-command.ts';

const run = promisify(execFile);
const options = {
  // No package may start its service: what a test needs it starts and stops itself.
  env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  maxBuffer: 2 ** 26,
};
/** Files of packages, unpacked; git ignores the folder. */
const CACHE = join(import.meta.dirname, '../.cache/debian');
const LOCK = join('/tmp', 'sluice-apt.lock');

/** Installs Debian packages. Only root can; throws an error that says what is in the way. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  const names = packages.join(' and ');
  if (process.getuid?.() !== 0) throw new Error(`${names} must be installed`);
  try {
    await apt('update', '-qq');
    await apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
  } catch (error) {
    throw new Error(`${names} could not be installed: ${firstLine(error)}`, { cause: error });
  }
}

/**
 * A folder that holds the files of Debian packages and of all that they depend on, as they lie in a root file system;
 * nothing is installed, no user's rights are needed. `name` names it in the cache. `alone`: without what they depend on.
 */
export async function unpackedPackages(
  name: string,
  packages: readonly string[],
  { alone = false }: { readonly alone?: boolean } = {},
): Promise<string> {
  const root = join(CACHE, name);
  if (existsSync(root)) return root;
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'unpack-'));
  try {
    await download(folder, alone ? packages : await withDepends(packages));
    await unpack(folder);
    renameSync(join(folder, 'root'), root);
  } catch (error) {
    // Another test run was faster.
    if (existsSync(root)) return root;
    throw new Error(`${packages.join(', ')} could not be fetched: ${firstLine(error)}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return root;
}

const ONLY_DEPENDS = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'];

async function withDepends(packages: readonly string[]): Promise<string[]> {
  const quietly = ONLY_DEPENDS.map((kind) => `--no-${kind}`);
  const depends = ['depends', '--recurse', ...quietly, ...packages];
  const listed = await run('apt-cache', depends, options);
  return [...new Set(listed.stdout.split('\n').filter((line) => /^[a-z0-9]/.test(line)))];
}

async function download(folder: string, names: readonly string[]): Promise<void> {
  try {
    await run('apt-get', ['download', '-qq', ...names], { ...options, cwd: folder });
  } catch {
    // The lists know of versions that the archive has replaced.
    await apt('update', '-qq');
    await run('apt-get', ['download', '-qq', ...names], { ...options, cwd: folder });
  }
}

/** As Debian lays it out: what lies in /bin is in /usr/bin. */
async function unpack(folder: string): Promise<void> {
  const root = join(folder, 'root');
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(root, 'usr', name), { recursive: true });
    symlinkSync(`usr/${name}`, join(root, name));
  }
  for (const file of readdirSync(folder).filter((one) => one.endsWith('.deb'))) {
    const command = 'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink --no-same-owner -C "$2"';
    await run('bash', ['-o', 'pipefail', '-c', command, 'unpack', join(folder, file), root], options);
  }
}

/** One at a time on this machine, for apt's own locks are not waited for. */
async function apt(...args: string[]): Promise<void> {
  await run('flock', [LOCK, 'apt-get', ...args], options);
}
