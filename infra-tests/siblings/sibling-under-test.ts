import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineClient } from '../../agent/container/docker/engine-client.ts';
import { Sibling, type SiblingCommand, type SiblingExit } from '../../agent/sibling/sibling.ts';
import { startContainer } from './sibling-container.ts';

export interface Ran extends SiblingExit {
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: number;
}

/** A program that runs in a sibling under test. */
export interface Running {
  readonly ended: Promise<Ran>;
  out(): string;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/** One sibling container as ECS would run it: its entry point is the wrapper, of two volumes it may change neither. */
export class SiblingUnderTest {
  readonly sibling: Sibling;
  readonly #engine: EngineClient;
  readonly #container: string;
  readonly #channel: string;

  private constructor(engine: EngineClient, container: string, channel: string, sibling: Sibling) {
    this.#engine = engine;
    this.#container = container;
    this.#channel = channel;
    this.sibling = sibling;
  }

  static async start(
    engine: EngineClient,
    runtime: string,
    image: string,
    options: { readOnly?: boolean; memoryMib?: number; onGone?: () => void } = {},
  ): Promise<SiblingUnderTest> {
    const channel = mkdtempSync(join(tmpdir(), 'sluice-channel-'));
    const sibling = new Sibling(image, channel, options.onGone ?? (() => undefined));
    const container = await startContainer(engine, { runtime, channel, image, ...options });
    const under = new SiblingUnderTest(engine, container, channel, sibling);
    await sibling.ready;
    return under;
  }

  start(program: Partial<SiblingCommand['program']>): Running {
    const written = { stdout: '', stderr: '' };
    let bytes = 0;
    const take = (stream: 'stdout' | 'stderr') => (chunk: Buffer) => {
      bytes += chunk.length;
      // Of a flood its end is enough.
      written[stream] = (written[stream] + chunk.toString('latin1')).slice(-100_000);
    };
    const { promise: ended, resolve } = Promise.withResolvers<Ran>();
    const run = this.sibling.run({
      program: { commands: [], env: {}, ...program },
      stdout: take('stdout'),
      stderr: take('stderr'),
      onExit: (exit) => resolve({ ...exit, ...written, bytes }),
    });
    return { ended, out: () => written.stdout, signal: (name) => run.signal(name) };
  }

  run(program: Partial<SiblingCommand['program']>): Promise<Ran> {
    return this.start(program).ended;
  }

  /** Processes in the container: the init, the wrapper, and what is left of programs. */
  async processes(): Promise<string[]> {
    const { Processes: lines } = await this.#engine.call<{ Processes: string[][] }>(
      'GET',
      `/containers/${this.#container}/top`,
      { query: { ps_args: '-eo pid,args' } },
    );
    return lines.map((line) => line.slice(1).join(' '));
  }

  async kill(): Promise<void> {
    await this.#engine.call('POST', `/containers/${this.#container}/kill`);
  }

  /** Ends the sibling as an agent that ends does, and says with which code its container ended then. */
  async stop(): Promise<number> {
    this.sibling.close();
    const { StatusCode: code } = await this.#engine.call<{ StatusCode: number }>(
      'POST',
      `/containers/${this.#container}/wait`,
    );
    await this.#engine.call('DELETE', `/containers/${this.#container}`, { query: { force: true } });
    rmSync(this.#channel, { recursive: true, force: true });
    return code;
  }
}
