import { readFileSync } from 'node:fs';

/** Whether the process is there and is the one that was meant: a pid alone can belong to another one by now. */
export function isAlive(pid: number, startTime: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return startTime === undefined || startTimeOf(pid) === startTime;
}

/**
 * When a process started, by the kernel's clock and with the boot that the clock belongs to. On Linux only; undefined
 * elsewhere, and for a zombie or a process that is gone.
 */
export function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : `${fields[18]}@${bootId()}`;
  } catch {
    return undefined;
  }
}

/** Names this boot of the machine: process ids of an earlier one mean nothing. Empty where the system has no such name. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** Sends a signal to a process or, with a negative pid, to a group; a target that is gone is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
