import { closeSync, openSync } from 'node:fs';
import { wallClockMs } from './clock.ts';
import type { Contender, Measurement, Workload } from './contender.ts';
import { forgetReads, msToFirstRead } from './first-read.ts';
import { PeakMemory } from './peak-memory.ts';
import { outputOf, start, stop } from './processes.ts';

/** `xargs -P`: forks and waits, and keeps nothing. The floor that every other is held against. */
export const xargs: Contender = {
  id: 'xargs',
  title: '`xargs -P`',
  always: true,
  async prepare() {
    const [firstLine = ''] = (await outputOf('xargs', ['--version'])).split('\n', 1);
    return { version: firstLine, measure };
  },
};

async function measure(work: Workload): Promise<Measurement> {
  return measureCommand(work, 'xargs', ['-P', String(work.slots), '-n', '1', '/bin/sh', work.script]);
}

/** Measures a command that reads the tasks' numbers from its standard input and ends with the last task. */
export async function measureCommand(
  { script, indexFile, signal }: Workload,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Measurement> {
  forgetReads(script);
  const indices = openSync(indexFile, 'r');
  const submitted = wallClockMs();
  const started = start(command, args, { stdio: [indices, 'ignore', 'inherit'], env, signal });
  closeSync(indices);
  const memory = new PeakMemory([started.pid], { withChildren: false });
  try {
    await started.ended;
    const toEndMs = wallClockMs() - submitted;
    return { toFirstTaskMs: msToFirstRead(script, submitted), toEndMs, ...memory.stop() };
  } finally {
    memory.stop();
    await stop(started);
  }
}
