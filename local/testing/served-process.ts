import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `sluice serve` as a process of its own, so that a test can kill it. */
export class ServedProcess {
  readonly dataDir: string;
  readonly #options: readonly string[];
  #child: ChildProcess | undefined;
  endpoint = '';

  /** `options` are more arguments of `sluice serve`. */
  constructor(dataDir: string, options: readonly string[] = []) {
    this.#options = options;
    this.dataDir = dataDir;
  }

  /** Starts it and resolves when it serves. */
  async start(): Promise<void> {
    const args = [
      '--disable-warning=ExperimentalWarning',
      'cli/main.ts',
      'serve',
      '--port',
      '0',
      '--data',
      this.dataDir,
      ...this.#options,
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let said = '';
    this.endpoint = await new Promise<string>((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        said += chunk.toString();
        const endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
        if (endpoint !== undefined) resolve(endpoint);
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', (code) => reject(new Error(`sluice serve ended with ${code}: ${said}`)));
    });
  }

  /** SIGKILL: no last words. Resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  /** Process ids of the agents that have a seat now. */
  agents(): number[] {
    const nodes = join(this.dataDir, 'nodes');
    return readdirSync(nodes).flatMap((instance) => {
      try {
        return [
          (JSON.parse(readFileSync(join(nodes, instance, 'node.json'), 'utf8')) as { pid: number }).pid,
        ];
      } catch {
        return [];
      }
    });
  }
}

/** Processes whose command line contains `text`. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(text);
      } catch {
        return false;
      }
    });
}

/** Resolves when `holds` does; throws when it does not within `seconds`. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  seconds = 20,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`after ${seconds} s it still does not hold: ${what}`);
    await new Promise((next) => setTimeout(next, 25));
  }
}
