/**
 * What a node's first container runs, once, before any sibling starts: copies its own Node.js with the loader and the
 * libraries that it uses to the volume that siblings have as their runtime, and the wrapper, whose text is its argument.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SIBLING_PLACES } from '../../shared/core/container/sibling-places.ts';

/** Programs that change user, groups, limits and variables before they become another: part of every Debian. */
const HELPERS = ['setpriv', 'prlimit', 'env'];
const PLACES = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

const target = process.env.SLUICE_RUNTIME ?? SIBLING_PLACES.runtime;
const lib = join(target, 'lib');
const bin = join(target, 'bin');
for (const folder of [lib, bin]) mkdirSync(folder, { recursive: true });
// The last helper before a program is that program's user already.
chmodSync(target, 0o755);
copy(process.execPath, join(bin, 'node'));
const objects = loadedObjects();
for (const file of objects) copy(file, join(lib, basename(file)));
const loader = objects.find((file) => /^ld-(?:linux|musl)/.test(basename(file)));
if (loader === undefined)
  throw new Error(`the loader of ${process.execPath} is not among ${objects.join(', ')}`);
for (const name of HELPERS) copyHelper(name, loader);
// The loader has another name on each processor; siblings start by one that is always the same.
copy(loader, join(target, 'loader'));
writeFileSync(join(target, 'wrapper.mjs'), process.argv[1] ?? '', { mode: 0o444 });

/** Files of the libraries in this very process; the loader is one of them. */
function loadedObjects(): string[] {
  const report = process.report.getReport() as unknown as { sharedObjects: string[] };
  return report.sharedObjects.filter((file) => file.startsWith('/') && existsSync(file));
}

/** A helper that is not there is missed only by a runnable that needs it. */
function copyHelper(name: string, loader: string): void {
  const file = PLACES.map((place) => join(place, name)).find((path) => existsSync(path));
  if (file === undefined) return;
  const said = execFileSync(loader, ['--list', file], { encoding: 'utf8' });
  for (const [, library = ''] of said.matchAll(/=> (\/\S+)/g)) copy(library, join(lib, basename(library)));
  copy(file, join(bin, name));
}

function copy(from: string, to: string): void {
  copyFileSync(from, to);
  // Any user's program may read and run it; what is mounted read-only nobody there can change.
  chmodSync(to, 0o555);
}
