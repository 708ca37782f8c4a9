/** `npm run bench:containers`: the same container job, one container a task and one warm container for many tasks. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stopDaemon } from '../../infra-tests/docker/daemon.ts';
import { dockerForTest } from '../../infra-tests/docker/docker-for-test.ts';
import { busyboxImage } from '../../infra-tests/docker/images.ts';
import { interruptible } from '../interruption.ts';
import { thisMachine } from '../machine.ts';
import { positive } from '../options.ts';
import { writeIntoReadme } from '../readme.ts';
import { buildSluice } from '../sluice-service.ts';
import type { ContainerContender } from './container-contender.ts';
import { type ContainerResult, containerTable } from './container-table.ts';
import { dockerRun } from './docker-run.ts';
import { sluiceDocker } from './sluice-docker.ts';
import { sluiceWrapper } from './sluice-wrapper.ts';

const CONTENDERS: readonly ContainerContender[] = [dockerRun, sluiceDocker, sluiceWrapper];

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: '500' },
    repeat: { type: 'string', default: '1' },
    'write-readme': { type: 'boolean', default: false },
  },
});
const tasks = positive('--tasks', values.tasks);
const repeat = positive('--repeat', values.repeat);

async function measure(
  contender: ContainerContender,
  slots: number,
  signal: AbortSignal,
): Promise<ContainerResult> {
  const ms: number[] = [];
  for (let time = 0; time < repeat; time += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
    try {
      const work = { tasks, slots, imageUri: busyboxImage.name, commands: ['true'], folder };
      ms.push(await contender.measure({ ...work, signal }));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    console.error(`${contender.title}: ${((ms.at(-1) ?? 0) / 1000).toFixed(1)} s`);
  }
  return { title: contender.title, perTask: contender.perTask, ms };
}

const docker = await dockerForTest([busyboxImage]);
if (typeof docker === 'string') {
  console.error(`There is no Docker here: ${docker}`);
  process.exit(1);
}
try {
  await interruptible(async (interrupted) => {
    const machine = thisMachine();
    await buildSluice();
    const results: ContainerResult[] = [];
    for (const contender of CONTENDERS) results.push(await measure(contender, machine.cores, interrupted));
    const text = containerTable(results, { tasks, slots: machine.cores, machine });
    console.log(text);
    if (values['write-readme']) writeIntoReadme(text, 'bench-containers');
  });
} finally {
  docker.release();
  await stopDaemon();
}
