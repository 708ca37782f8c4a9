import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './bench-folder.ts';
import type { Contender, Measurement, Workload } from './contender.ts';
import { PeakMemory } from './peak-memory.ts';
import { outputOf, stop } from './processes.ts';
import { SluiceClient } from './sluice-client.ts';
import { buildSluice, endpointOf, serveSluice } from './sluice-service.ts';

const WARM_UP_TASKS = 100;
const PROBE_TASKS = 1000;

/** Sluice as users run it: the bundled `sluice serve` as a process of its own, spoken to over HTTP. */
export const sluice: Contender = {
  id: 'sluice',
  title: '**Sluice**',
  always: true,
  async prepare() {
    await buildSluice();
    return {
      version: `Sluice ${await outputOf(join(projectFolder, 'bin', 'sluice'), ['--version'])}`,
      measure,
    };
  },
};

async function measure(work: Workload): Promise<Measurement> {
  const service = serveSluice(work.folder);
  try {
    const client = new SluiceClient(await endpointOf(service), work.signal);
    const script = readFileSync(work.script, 'utf8');
    await client.run('warm-up', WARM_UP_TASKS, script);
    const memory = new PeakMemory([service.pid], { withChildren: true });
    const { sent, firstTask, ended, seenEnded } = await client
      .run('measured', work.tasks, script)
      .finally(() => memory.stop());
    return {
      toFirstTaskMs: firstTask === undefined ? undefined : firstTask - sent,
      toEndMs: ended - sent,
      ...memory.stop(),
      more: {
        toEndSeenMs: seenEnded - sent,
        toFirstTaskSeenMs: await firstTaskFromOutside(client, work.folder),
      },
    };
  } finally {
    await stop(service, 'SIGINT');
  }
}

/** What the service says of its first task is checked by a job whose first task leaves a file behind. */
async function firstTaskFromOutside(client: SluiceClient, folder: string): Promise<number> {
  const mark = join(folder, 'first-task');
  const { sent } = await client.run('probe', PROBE_TASKS, `[ -e '${mark}' ] || : > '${mark}'\n`);
  return statSync(mark).mtimeMs - sent;
}
