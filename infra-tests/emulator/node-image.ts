import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackedPackages } from '../debian-packages.ts';
import type { TestImage } from '../docker/images.ts';

/** What a slim Debian has for scripts, and what Node.js wants. */
const PACKAGES = [
  ...['base-files', 'bash', 'coreutils', 'dash', 'debianutils', 'diffutils', 'findutils', 'grep', 'gzip'],
  ...['hostname', 'mawk', 'perl-base', 'procps', 'sed', 'tar', 'util-linux', 'libstdc++6'],
];
const NODE = join(import.meta.dirname, '../../node_modules/node/bin/node');

/** Stands in for `node:24-slim`, what nodes run: Debian with a shell and its usual programs, and this project's Node.js. */
export const nodeImage: TestImage = {
  name: 'sluice-test/node:24',
  changes: ['CMD ["node"]', 'ENV PATH=/usr/local/bin:/usr/bin:/bin'],
  fill: async (root) => {
    cpSync(await unpackedPackages('node', PACKAGES), root, { recursive: true, verbatimSymlinks: true });
    for (const folder of ['etc', 'root', 'tmp', 'var/tmp', 'usr/local/bin'])
      mkdirSync(join(root, folder), { recursive: true });
    symlinkSync('mawk', join(root, 'usr/bin/awk'));
    writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/bash\n');
    cpSync(NODE, join(root, 'usr/local/bin/node'));
  },
};
