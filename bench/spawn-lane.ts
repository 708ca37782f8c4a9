import { spawn } from 'node:child_process';

/** Runs one shell to its end. */
export type Lane = () => Promise<void>;

/** Runs `shells` shells, `lanes` at once. */
export async function runLanes(lanes: number, shells: number, lane: Lane): Promise<void> {
  let left = shells;
  const runOne = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await lane();
    }
  };
  await Promise.all(Array.from({ length: lanes }, runOne));
}

/** A shell of its own for each script, by Node's `spawn`. */
export function spawnLane(script: string, output: 'ignore' | 'pipe'): Lane {
  return () =>
    new Promise((resolve, reject) => {
      const child = spawn('/bin/sh', [script], { stdio: ['ignore', output, output] });
      child.stdout?.resume();
      child.stderr?.resume();
      child.once('error', reject);
      child.once('close', () => resolve());
    });
}
