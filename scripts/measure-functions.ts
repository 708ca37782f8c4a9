/** Prints what each function's cold start loads, and how long loading it takes here: the middle one of five starts. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleFunctions, functionNames } from '../cdk/build/bundle-functions.ts';

const STARTS = 5;
const folder = mkdtempSync(join(tmpdir(), 'sluice-measure-'));

/** Milliseconds to load a module. A function that lacks its variables says so at the end of loading, which is all that counts here. */
function loadMs(file: string): number {
  const script = `const from = performance.now(); await import(${JSON.stringify(file)}).catch(() => undefined); process.stdout.write(String(performance.now() - from))`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { AWS_REGION: 'us-east-1' },
    encoding: 'utf8',
  });
  return Number(stdout);
}

try {
  bundleFunctions(folder);
  console.log('| function | bundle | compressed | loads in |');
  console.log('|---|---:|---:|---:|');
  for (const name of functionNames) {
    const file = join(folder, name, 'index.mjs');
    const bytes = readFileSync(file);
    const times = Array.from({ length: STARTS }, () => loadMs(file)).sort((a, b) => a - b);
    const kib = (size: number) => `${Math.round(size / 1024)} KiB`;
    const middle = Math.round(times[Math.floor(STARTS / 2)] ?? 0);
    console.log(`| \`${name}\` | ${kib(bytes.length)} | ${kib(gzipSync(bytes).length)} | ${middle} ms |`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
