import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { OutputPipes } from '../agent/output/output-pipe.ts';
import { inheritedVariables } from '../agent/shell/environment.ts';
import { GroupFile } from '../agent/shell/group-file.ts';
import { quote } from '../agent/shell/quote.ts';
import { ShellPool } from '../agent/shell/shell-pool.ts';
import { count, microseconds } from './figures.ts';
import { machineLine, thisMachine } from './machine.ts';
import { start } from './processes.ts';
import { type Lane, runLanes, spawnLane } from './spawn-lane.ts';
import type { SpawnWork } from './spawn-worker.ts';
import { median } from './statistics.ts';
import { markdownTable } from './table.ts';

const SHELLS = 2000;

/** One way to run an empty script many times. */
interface Way {
  readonly title: string;
  run(setting: Setting): Promise<void>;
}

interface Setting {
  readonly script: string;
  readonly folder: string;
  readonly slots: number;
}

const WAYS: readonly Way[] = [
  {
    title: '`xargs -P`',
    async run({ script, slots }) {
      const args = ['-P', String(slots), '-n', '1', '/bin/sh', script];
      const { child, ended } = start('xargs', args, { stdio: ['pipe', 'ignore', 'inherit'] });
      child.stdin?.end(Array.from({ length: SHELLS }, (_, index) => `${index}\n`).join(''));
      await ended;
    },
  },
  {
    title: '`spawn` on the main thread, output ignored',
    run: ({ script, slots }) => runLanes(slots, SHELLS, spawnLane(script, 'ignore')),
  },
  {
    title: '`spawn` on the main thread, output through pipes',
    run: ({ script, slots }) => runLanes(slots, SHELLS, spawnLane(script, 'pipe')),
  },
  {
    title: '`spawn` on two worker threads, output ignored',
    run: ({ script, slots }) => inWorkers({ script, output: 'ignore' }, slots),
  },
  {
    title: '`spawn` on two worker threads, output through pipes',
    run: ({ script, slots }) => inWorkers({ script, output: 'pipe' }, slots),
  },
  {
    title: "the agent's pool of forking shells, output through pipes",
    async run({ script, folder, slots }) {
      const environment = inheritedVariables(process.env);
      const groups = new GroupFile(join(folder, 'groups'));
      const pool = new ShellPool(
        { words: [], workDir: folder, environment },
        new OutputPipes(folder),
        groups,
      );
      await runLanes(slots, SHELLS, poolLane(pool, script));
      pool.killAll();
    },
  },
];

/** Runs every way `repeat` times, in turns, and returns a table of medians. */
export async function compareSpawning(repeat: number): Promise<string> {
  const slots = availableParallelism();
  const times = new Map(WAYS.map((way) => [way, [] as number[]]));
  for (let round = 0; round < repeat; round += 1) {
    for (const way of WAYS) times.get(way)?.push(await timed(way, slots));
  }
  const rows = WAYS.map((way) => {
    const ms = median(times.get(way) ?? []) ?? Number.NaN;
    return [count((SHELLS * 1000) / ms), way.title, microseconds((slots * ms) / SHELLS)];
  });
  const table = markdownTable(['shells a second', 'started by', 'of a core, each'], rows);
  const note = `Medians of ${repeat} times ${count(SHELLS)} empty scripts in /bin/sh, ${slots} at once.`;
  return [table, note, machineLine(thisMachine())].join('\n\n');
}

async function timed(way: Way, slots: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-spawn-'));
  const script = join(folder, 'task.sh');
  writeFileSync(script, ':\n');
  try {
    const began = performance.now();
    await way.run({ script, folder, slots });
    return performance.now() - began;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function inWorkers(task: Pick<SpawnWork, 'script' | 'output'>, slots: number): Promise<void> {
  const workers = 2;
  const work: SpawnWork = {
    ...task,
    shells: SHELLS / workers,
    lanes: Math.max(1, Math.ceil(slots / workers)),
  };
  const ended = Array.from({ length: workers }, () => {
    const worker = new Worker(new URL('./spawn-worker.ts', import.meta.url), { workerData: work });
    return new Promise((resolve, reject) => worker.once('exit', resolve).once('error', reject));
  });
  await Promise.all(ended);
}

function poolLane(pool: ShellPool, script: string): Lane {
  const command = `/bin/sh ${quote(script)}`;
  return () =>
    new Promise((resolve, reject) => {
      const onExit = (exitCode: number) =>
        exitCode === 0 ? resolve() : reject(new Error(`the script ended with exit code ${exitCode}`));
      pool.run({ exports: '', command, stdout: ignore, stderr: ignore, onExit });
    });
}

function ignore(): void {
  // An empty script writes nothing.
}
