import { quote } from '../../agent/shell/quote.ts';
import { start, stop } from '../processes.ts';
import type { ContainerContender } from './container-contender.ts';

/** What one would write without a batch system: `docker run` for each task, some at once. */
export const dockerRun: ContainerContender = {
  title: '`xargs -P` with `docker run`',
  perTask: 'a container',
  async measure({ tasks, slots, imageUri, commands, folder, signal }) {
    const command = ['docker', 'run', '--rm', imageUri, ...commands].map(quote).join(' ');
    const script = `seq ${tasks} | xargs -P ${slots} -I {} ${command} >/dev/null`;
    const begin = performance.now();
    const started = start('sh', ['-c', script], { stdio: 'inherit', cwd: folder, signal });
    try {
      await started.ended;
      return performance.now() - begin;
    } finally {
      await stop(started);
    }
  },
};
