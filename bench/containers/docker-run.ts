import { quote } from '../../agent/shell/quote.ts';
import { start } from '../processes.ts';
import type { ContainerContender } from './container-contender.ts';

/** What one would write without a batch system: `docker run` for each task, some at once. */
export const dockerRun: ContainerContender = {
  title: '`xargs -P` with `docker run`',
  perTask: 'a container',
  async measure({ tasks, slots, imageUri, commands, folder, signal }) {
    const command = ['docker', 'run', '--rm', imageUri, ...commands].map(quote).join(' ');
    const script = `seq ${tasks} | xargs -P ${slots} -I {} ${command} >/dev/null`;
    const begin = performance.now();
    // A process group of its own, so that all of it can be ended.
    const { pid, ended } = start('sh', ['-c', script], { stdio: 'inherit', cwd: folder, detached: true });
    const end = () => process.kill(-pid, 'SIGTERM');
    signal.addEventListener('abort', end, { once: true });
    await ended;
    signal.removeEventListener('abort', end);
    return performance.now() - begin;
  },
};
