/** `npm run bench:containers`: the same container job, one container a task and one warm container for many tasks. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stopDaemon } from '../../infra-tests/docker/daemon.ts';
import { dockerForTest } from '../../infra-tests/docker/docker-for-test.ts';
import { busyboxImage } from '../../infra-tests/docker/images.ts';
import { projectFolder } from '../bench-folder.ts';
import { thisMachine } from '../machine.ts';
import { replaceBlock } from '../readme.ts';
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
const tasks = Number(values.tasks);
const repeat = Number(values.repeat);
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interruption.abort(new Error('interrupted')));
}

async function measure(contender: ContainerContender, slots: number): Promise<ContainerResult> {
  const ms: number[] = [];
  for (let time = 0; time < repeat; time += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
    try {
      const work = { tasks, slots, imageUri: busyboxImage.name, commands: ['true'], folder };
      ms.push(await contender.measure({ ...work, signal: interruption.signal }));
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
  const machine = thisMachine();
  await buildSluice();
  const results: ContainerResult[] = [];
  for (const contender of CONTENDERS) results.push(await measure(contender, machine.cores));
  const text = containerTable(results, { tasks, slots: machine.cores, machine });
  console.log(text);
  if (values['write-readme']) {
    const readme = join(projectFolder, 'README.md');
    writeFileSync(readme, replaceBlock(readFileSync(readme, 'utf8'), text, 'bench-containers'));
  }
} catch (error) {
  if (!interruption.signal.aborted) throw error;
  console.error('interrupted; everything that was started has been stopped');
  process.exitCode = 130;
} finally {
  docker.release();
  await stopDaemon();
}
