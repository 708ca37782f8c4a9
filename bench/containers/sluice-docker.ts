import { stop } from '../processes.ts';
import { SluiceClient } from '../sluice-client.ts';
import { endpointOf, serveSluice } from '../sluice-service.ts';
import type { ContainerContender } from './container-contender.ts';

const WARM_UP_TASKS = 10;

/** Sluice on one machine, through Docker's engine. */
export const sluiceDocker: ContainerContender = {
  title: '**Sluice** on one machine',
  perTask: 'a container',
  async measure({ tasks, slots, imageUri, commands, folder, signal }) {
    const service = serveSluice(folder);
    try {
      const client = new SluiceClient(await endpointOf(service), signal);
      const group = (taskCount: number) => ({
        taskCount: String(taskCount),
        parallelism: String(slots),
        taskCountPerNode: String(slots),
        taskSpec: {
          runnables: [{ container: { imageUri, commands } }],
          computeResource: { cpuMilli: '1000', memoryMib: '512' },
        },
      });
      await client.runGroup('warm-up', group(WARM_UP_TASKS));
      const { sent, ended } = await client.runGroup('measured', group(tasks));
      return ended - sent;
    } finally {
      await stop(service, 'SIGINT');
    }
  },
};
