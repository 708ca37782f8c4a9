import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { benchFolder } from './bench-folder.ts';
import { type Contender, type Measurement, NotMeasured, type Workload } from './contender.ts';
import { firstReadMs, forgetReads } from './first-read.ts';
import { PeakMemory } from './peak-memory.ts';
import { isOnPath, outputOf, start, stop } from './processes.ts';

const PACKAGE = 'hyperqueue==0.27.0';
const DRIVER = join(import.meta.dirname, 'run-hyperqueue.py');

/** HyperQueue from PyPI, with a server and a worker in one process; see run-hyperqueue.py. */
export const hyperQueue: Contender = {
  id: 'hyperqueue',
  title: 'HyperQueue',
  async prepare() {
    const python = await installedPython();
    const version = await outputOf(python, ['-c', 'import hyperqueue; print(hyperqueue.get_version())']);
    return { version: `HyperQueue ${version}`, measure: (work) => measure(python, work) };
  },
};

async function installedPython(): Promise<string> {
  const folder = join(benchFolder(), 'hyperqueue');
  const python = join(folder, 'bin', 'python');
  if (!isOnPath('python3')) throw new NotMeasured('there is no python3');
  try {
    if (!existsSync(python)) await outputOf('python3', ['-m', 'venv', folder]);
    const installed = await outputOf(python, ['-m', 'pip', 'freeze']);
    if (!installed.split('\n').includes(PACKAGE)) {
      await outputOf(python, ['-m', 'pip', 'install', '--quiet', PACKAGE]);
    }
    return python;
  } catch {
    throw new NotMeasured(`pip install ${PACKAGE} failed`);
  }
}

async function measure(python: string, work: Workload): Promise<Measurement> {
  const { script, tasks, slots, folder, signal } = work;
  const args = [DRIVER, script, String(tasks), String(slots), join(folder, 'server')];
  const driver = start(python, args, { stdio: ['pipe', 'pipe', 'inherit'], cwd: folder, signal });
  const memory = new PeakMemory([driver.pid], { withChildren: false });
  try {
    const { stdin, stdout } = driver.child;
    if (stdin === null || stdout === null) throw new Error('the driver has no pipes');
    let times: { submitted: number; ended: number } | undefined;
    for await (const line of createInterface({ input: stdout })) {
      if (line === 'ready') {
        forgetReads(script);
        stdin.end('\n');
      } else if (line.startsWith('{')) {
        times = JSON.parse(line) as { submitted: number; ended: number };
        break;
      }
    }
    if (times === undefined) {
      await driver.ended;
      throw new Error('the driver ended without an answer');
    }
    const { submitted, ended } = times;
    const first = firstReadMs(script);
    const toFirstTaskMs = first === undefined ? undefined : Math.max(0, first - submitted);
    return { toFirstTaskMs, toEndMs: ended - submitted, ...memory.stop() };
  } finally {
    memory.stop();
    await stop(driver);
  }
}
