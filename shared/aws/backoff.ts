import { setTimeout as pause } from 'node:timers/promises';

const FIRST_MS = 25;
const LONGEST_MS = 2000;

/** Waits before the next try: a random time below a bound that doubles, so that writers in step fall out of it. */
export async function backOff(tries: number): Promise<void> {
  await pause(Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** tries));
}
