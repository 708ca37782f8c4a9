import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { benchFolder } from './bench-folder.ts';
import type { Contender } from './contender.ts';
import { ensureProgram, outputOf } from './processes.ts';
import { measureCommand } from './xargs.ts';

/** GNU parallel as it is by default, but that its jobs' shell is /bin/sh, the fastest there is. */
export const gnuParallel: Contender = {
  id: 'parallel',
  title: 'GNU parallel',
  async prepare() {
    await ensureProgram('parallel', ['parallel']);
    const home = join(benchFolder(), 'parallel');
    mkdirSync(home, { recursive: true });
    const env = { ...process.env, PARALLEL_HOME: home, PARALLEL_SHELL: '/bin/sh' };
    const [firstLine = ''] = (await outputOf('parallel', ['--version'], env)).split('\n', 1);
    // What it looks up about the machine once is in its folder from here on.
    await outputOf('parallel', ['--will-cite', 'true', ':::', '1', '2'], env);
    return {
      version: firstLine,
      measure: (work) => {
        const args = ['--will-cite', '-j', String(work.slots), '/bin/sh', work.script];
        return measureCommand(work, 'parallel', args, env);
      },
    };
  },
};
