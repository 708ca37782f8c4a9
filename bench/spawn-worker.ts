/** A thread that starts shells; see spawn.ts. */
import { workerData } from 'node:worker_threads';
import { runLanes, spawnLane } from './spawn-lane.ts';

/** What a thread is given. */
export interface SpawnWork {
  readonly script: string;
  readonly output: 'ignore' | 'pipe';
  readonly shells: number;
  readonly lanes: number;
}

const { script, output, shells, lanes } = workerData as SpawnWork;
await runLanes(lanes, shells, spawnLane(script, output));
