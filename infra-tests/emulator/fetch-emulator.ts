import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { installPackages } from '../debian-packages.ts';
import { alone } from '../docker/daemon-lease.ts';

const run = promisify(execFile);

/** The patches are written for this version. */
const VERSION = '1.5.33';
const PACKAGES = [`ministack==${VERSION}`, 'docker==7.2.0', 'cryptography==50.0.2'];
const CACHE = join(import.meta.dirname, '../../.cache/emulator');

/**
 * The Python that has the emulator, which pip fetches once into a folder that git ignores. Installs Python where it is
 * missing and that is allowed; throws an error that says what is in the way.
 */
export async function fetchEmulator(cache = CACHE): Promise<string> {
  const folder = join(cache, VERSION);
  const python = join(folder, 'bin/python');
  if (existsSync(join(folder, DONE))) return python;
  await alone('emulator', async () => {
    // Another test run may have been first.
    if (!existsSync(join(folder, DONE))) await install(folder, python);
  });
  return python;
}

async function install(folder: string, python: string): Promise<void> {
  if (!(await hasVenv())) await installPackages(['python3', 'python3-venv']);
  mkdirSync(dirname(folder), { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  try {
    await run('python3', ['-m', 'venv', folder]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES]);
    mkdirSync(join(folder, DONE));
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(
      `the emulator could not be fetched by pip: ${(stderr || message).trim().split('\n').at(-1)}`,
    );
  }
}

/** Is there once all is. A virtual environment cannot be moved, so it is made in its place. */
const DONE = 'complete';

async function hasVenv(): Promise<boolean> {
  return run('python3', ['-c', 'import venv, ensurepip']).then(
    () => true,
    () => false,
  );
}
