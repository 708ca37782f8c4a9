import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { unpackedPackages } from '../debian-packages.ts';

/** Debian's names of this processor: of its folders, and of the C compiler's and musl's files. */
const processor = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
const LOADER = `/lib/ld-musl-${processor}.so.1`;

/**
 * Lays out musl, the other C library, with a program and a library that are linked to it. A small compiler makes them, for
 * nothing that Debian packages is linked to musl: with it and musl's own files nothing is taken from this machine.
 */
export async function fillWithMusl(root: string): Promise<void> {
  const debian = await unpackedPackages('musl', ['musl', 'musl-dev', 'tcc'], { alone: true });
  const compiler = join(debian, `usr/lib/${processor}-linux-gnu/tcc`);
  const musl = join(debian, `usr/lib/${processor}-linux-musl`);
  mkdirSync(join(root, 'lib'));
  cpSync(join(musl, 'libc.so'), join(root, LOADER));
  const headers = [join(debian, `usr/include/${processor}-linux-musl`), join(compiler, 'include')];
  const without = ['-B', compiler, '-nostdinc', '-nostdlib', ...headers.map((folder) => `-I${folder}`)];
  const libraries = [join(musl, 'libc.so'), join(compiler, 'libtcc1.a')];
  const compile = (source: string, result: string, words: readonly string[]) =>
    execFileSync(
      join(debian, 'usr/bin/tcc'),
      [...without, '-o', join(root, result), ...words, join(import.meta.dirname, source), ...libraries],
      // Where the program finds its loader.
      { env: { ...process.env, LD_SO: LOADER } },
    );
  const start = ['crt1.o', 'crti.o', 'crtn.o'].map((file) => join(musl, file));
  compile('musl-probe.c', 'probe', start);
  compile('musl-own.c', 'own.so', ['-shared']);
}
