/** Bundles the command and the agent to one file each, so that a start reads two files instead of some hundred. */
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { build } from 'esbuild';

const entries = { cli: 'cli/main.ts', agent: 'agent/main.ts' };
const present = Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file)));

mkdirSync('dist', { recursive: true });
await build({
  entryPoints: present,
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target: 'node24',
  format: 'esm',
  sourcemap: 'linked',
  logLevel: 'warning',
  // commander and yaml are CommonJS inside: give their require() a home in an ES module.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
chmodSync('bin/sluice', 0o755);

// npm links the commands of dependencies, not those of the project itself: so that `npx sluice` works in a clone.
rmSync('node_modules/.bin/sluice', { force: true });
symlinkSync('../../bin/sluice', 'node_modules/.bin/sluice');
