import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
// Not in the folder of the emulator, whose tests begin with a deployment.
import { fetchEmulator } from './emulator/fetch-emulator.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-fetch-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Stands in for Python, and writes down what it is asked for. */
const PYTHON = (log: string) => `#!/bin/sh
echo "$2" >>'${log}'
[ "$2" != venv ] || { mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; }
`;

it('two test runs that both want the emulator fetch it once', async () => {
  const log = join(folder, 'asked');
  writeFileSync(join(folder, 'python3'), PYTHON(log), { mode: 0o700 });
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  const cache = join(folder, 'cache');
  const [one, other] = await Promise.all([fetchEmulator(cache), fetchEmulator(cache)]);
  expect(one).toBe(other);
  const asked = readFileSync(log, 'utf8').split('\n');
  expect(asked.filter((module) => module === 'venv' || module === 'pip')).toEqual(['venv', 'pip']);
});
