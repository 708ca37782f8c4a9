import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../infra-tests/free-port.ts';
import { wallClockMs } from './clock.ts';
import { type Contender, type Measurement, NotMeasured, type Workload } from './contender.ts';
import { forgetReads, msToFirstRead } from './first-read.ts';
import { PeakMemory } from './peak-memory.ts';
import { ensureProgram, outputOf, type Started, start, stop } from './processes.ts';
import { ENDED_FILE, slurmConfig } from './slurm-config.ts';

const WARM_UP_TASKS = 10;
const READY_MS = 20_000;
const POLL_MS = 50;

/** Slurm with one array a job, on a cluster of this machine alone. */
export const slurm: Contender = {
  id: 'slurm',
  title: 'Slurm job array',
  async prepare() {
    if (process.getuid?.() !== 0) throw new NotMeasured('its daemons need root here');
    await ensureProgram('slurmctld', ['slurm-wlm', 'munge']);
    return { version: await outputOf('slurmctld', ['-V'], withAdminPath()), measure };
  },
};

async function measure(work: Workload): Promise<Measurement> {
  const cluster = new SlurmCluster(work);
  try {
    await cluster.open();
    await cluster.runArray(WARM_UP_TASKS, work);
    forgetReads(work.script);
    const memory = new PeakMemory(cluster.pids, { withChildren: false });
    try {
      const submitted = wallClockMs();
      const ended = await cluster.runArray(work.tasks, work);
      const toFirstTaskMs = msToFirstRead(work.script, submitted);
      return { toFirstTaskMs, toEndMs: ended - submitted, ...memory.stop() };
    } finally {
      memory.stop();
    }
  } finally {
    await cluster.close();
  }
}

class SlurmCluster {
  readonly #folder: string;
  readonly #slots: number;
  readonly #daemons: Started[] = [];
  readonly #env: NodeJS.ProcessEnv;
  #ended = 0;

  constructor({ folder, slots }: Workload) {
    this.#folder = folder;
    this.#slots = slots;
    this.#env = { ...withAdminPath(), SLURM_CONF: join(folder, 'slurm.conf') };
  }

  get pids(): number[] {
    return this.#daemons.map(({ pid }) => pid);
  }

  async open(): Promise<void> {
    const [host = 'localhost'] = hostname().split('.', 1);
    const [controllerPort, nodePort] = [await freePort(), await freePort()];
    const setting = { host, slots: this.#slots, folder: this.#folder, controllerPort, nodePort };
    writeFileSync(join(this.#folder, 'slurm.conf'), slurmConfig(setting));
    writeFileSync(join(this.#folder, 'munge.key'), randomBytes(1024), { mode: 0o600 });
    writeFileSync(join(this.#folder, ENDED_FILE), '');
    for (const name of ['state', 'spool']) mkdirSync(join(this.#folder, name));
    const files = ['key-file=munge.key', 'socket=munge.socket', 'pid-file=munge.pid', 'seed-file=munge.seed'];
    const places = files.map((file) => `--${file.replace('=', `=${this.#folder}/`)}`);
    this.#start('munged', ['--force', '--foreground', ...places, `--log-file=${this.#folder}/munge.log`]);
    await until('munged is up', () => statSync(join(this.#folder, 'munge.socket')).isSocket());
    this.#start('slurmctld', ['-D', '-c', '-i']);
    await until('slurmctld is up', async () => (await this.#ask('scontrol', ['ping'])).includes('UP'));
    this.#start('slurmd', ['-D', '-N', host]);
    await until('the node is idle', async () => (await this.#ask('sinfo', ['-h', '-o', '%t'])) === 'idle');
  }

  /** Runs a job array to its end; returns when that was. */
  async runArray(tasks: number, { script, signal }: Workload): Promise<number> {
    const job = join(this.#folder, 'job.sh');
    // sbatch takes no script without `#!`: this one reads ours in the same shell.
    writeFileSync(job, `#!/bin/sh\n. ${script}\n`);
    const file = join(this.#folder, ENDED_FILE);
    const expected = this.#ended + tasks;
    await this.#ask('sbatch', ['-Q', `--array=0-${tasks - 1}`, '-o', '/dev/null', '-e', '/dev/null', job]);
    while (countLines(file) < expected) await sleep(POLL_MS, undefined, { signal });
    this.#ended = expected;
    return statSync(file).mtimeMs;
  }

  async close(): Promise<void> {
    for (const daemon of this.#daemons.reverse()) await stop(daemon);
  }

  #start(program: string, args: readonly string[]): void {
    this.#daemons.push(start(program, args, { stdio: 'ignore', env: this.#env, cwd: this.#folder }));
  }

  #ask(program: string, args: readonly string[]): Promise<string> {
    return outputOf(program, args, this.#env);
  }
}

/** The daemons are where only administrators look for programs. */
function withAdminPath(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` };
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = wallClockMs() + READY_MS; wallClockMs() < deadline; await sleep(POLL_MS)) {
    // Until a daemon is up, asking it fails.
    const answer = await Promise.resolve()
      .then(isSo)
      .catch(() => false);
    if (answer) return;
  }
  throw new NotMeasured(`its cluster cannot be started: waited in vain until ${what}`);
}

function countLines(file: string): number {
  let lines = 0;
  for (const byte of readFileSync(file)) if (byte === 10) lines += 1;
  return lines;
}
