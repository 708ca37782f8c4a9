import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectFolder } from './bench-folder.ts';
import { outputOf, type Started, start } from './processes.ts';

/** Bundles the command that users run. */
export async function buildSluice(): Promise<void> {
  await outputOf(process.execPath, [join(projectFolder, 'scripts', 'build.ts')]);
}

/** `sluice serve` as a process of its own, with all that it keeps in `folder`. `agents`: none are started, and what nodes need is written to its piped standard error. */
export function serveSluice(folder: string, agents: 'local' | 'none' = 'local'): Started {
  const options = [
    '--port',
    '0',
    '--data',
    join(folder, 'data'),
    '--work-dir',
    folder,
    '--stop-nodes',
    ...(agents === 'none' ? ['--agents', 'none'] : ['--quiet']),
  ];
  const command = join(projectFolder, 'bin', 'sluice');
  return start(command, ['serve', ...options], {
    stdio: ['ignore', 'pipe', agents === 'none' ? 'pipe' : 'inherit'],
    cwd: folder,
  });
}

/** Resolves with the service's address once it serves. */
export async function endpointOf({ child }: Started): Promise<string> {
  if (child.stdout === null) throw new Error('the service has no standard output');
  for await (const line of createInterface({ input: child.stdout })) {
    const endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (endpoint !== undefined) return endpoint;
  }
  throw new Error('the service ended without saying where it serves');
}
