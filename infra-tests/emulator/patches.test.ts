import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { describeDeployed } from './describe-deployed.ts';
import { fetchEmulator } from './fetch-emulator.ts';

const PATCHES = join(import.meta.dirname, 'patches');

describeDeployed("the emulator's patches", () => {
  it('do each by itself what AWS does', async () => {
    const run = promisify(execFile);
    const env = { ...process.env, PYTHONPATH: PATCHES };
    const tests = ['-m', 'unittest', 'discover', '-s', join(PATCHES, 'tests')];
    const { stderr } = await run(await fetchEmulator(), tests, { env });
    expect(stderr).toMatch(/^Ran [1-9]\d* tests/m);
  });
});
