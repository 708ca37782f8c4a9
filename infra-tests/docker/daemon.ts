import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineClient } from '../../agent/container/docker/engine-client.ts';
import { findEngine } from '../../agent/container/docker/find-engine.ts';
import { isAlive, signal, startTimeOf } from '../../local/nodes/process-life.ts';
import { installPackages } from '../debian-packages.ts';
import { alone, ifUnused, STATE, useDaemon } from './daemon-lease.ts';

const START_MS = 60_000;
const PID_FILE = join(STATE, 'daemon.json');
const LOG_FILE = join(STATE, 'dockerd.log');

/**
 * Docker's daemon: the one that answers at DOCKER_HOST or at its socket, or else, for root, Debian's, installed if need
 * be and started. Throws an error that says what is in the way. `release` says that this process needs it no longer;
 * `stopDaemon` ends what was started.
 */
export async function ensureDaemon(): Promise<{ engine: EngineClient; release(): void }> {
  const lease = await useDaemon();
  try {
    return { engine: await alone('daemon', startIfNeeded), release: () => lease.release() };
  } catch (error) {
    lease.release();
    throw error;
  }
}

async function startIfNeeded(): Promise<EngineClient> {
  const found = await findEngine(process.env);
  if (typeof found !== 'string') return found;
  if (process.env.DOCKER_HOST) throw new Error(found);
  if (process.getuid?.() !== 0) throw new Error(`${found}, and only root can start one`);
  if (!existsSync('/usr/sbin/dockerd')) await installPackages(['docker.io']);
  return await startDaemon();
}

async function startDaemon(): Promise<EngineClient> {
  const log = openSync(LOG_FILE, 'w', 0o600);
  const args = ['-H', 'unix:///var/run/docker.sock', '--pidfile', join(STATE, 'dockerd.pid')];
  const child = spawn('/usr/sbin/dockerd', args, { detached: true, stdio: ['ignore', log, log] });
  child.unref();
  let isGone = false;
  child.once('error', () => {
    isGone = true;
  });
  child.once('exit', () => {
    isGone = true;
  });
  const { pid } = child;
  if (pid !== undefined) writeFileSync(PID_FILE, JSON.stringify({ pid, startTime: startTimeOf(pid) }));
  for (const end = Date.now() + START_MS; Date.now() < end && !isGone; await pause(100)) {
    const found = await findEngine(process.env);
    if (typeof found !== 'string') return found;
  }
  await stop();
  const said = readFileSync(LOG_FILE, 'utf8').trim().split('\n').at(-1);
  throw new Error(`dockerd could not be started: ${said}`);
}

/** Stops the daemon if a test run started it and none uses it now. */
export async function stopDaemon(): Promise<void> {
  if (!existsSync(PID_FILE)) return;
  await ifUnused(stop);
}

async function stop(): Promise<void> {
  const { pid, startTime } = JSON.parse(readFileSync(PID_FILE, 'utf8')) as {
    pid: number;
    startTime?: string;
  };
  rmSync(PID_FILE, { force: true });
  if (!isAlive(pid, startTime)) return;
  signal(pid, 'SIGTERM');
  for (const end = Date.now() + 20_000; isAlive(pid, startTime) && Date.now() < end; ) await pause(100);
  if (isAlive(pid, startTime)) signal(pid, 'SIGKILL');
}
