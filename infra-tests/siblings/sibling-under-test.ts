import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineClient } from '../../agent/container/docker/engine-client.ts';
import { Sibling, type SiblingCommand, type SiblingExit } from '../../agent/sibling/sibling.ts';
import { bundleText } from '../../cdk/build/bundle-functions.ts';
import { siblingImageOf, wrapperCommand } from '../../shared/core/container/sibling-image.ts';
import { IMAGE_VARIABLE, SIBLING_PLACES } from '../../shared/core/container/sibling-places.ts';

/** The runtime that siblings start from, made as a node's first container makes it. */
export function makeRuntime(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-runtime-'));
  const program = bundleText('agent/sibling/copy-runtime.ts');
  const wrapper = bundleText('agent/sibling/wrapper.ts');
  execFileSync(process.execPath, ['--input-type=module', '-e', program, wrapper], {
    env: { ...process.env, SLUICE_RUNTIME: folder },
  });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

interface ImageAnswer {
  readonly Config: {
    readonly Entrypoint?: string[];
    readonly Cmd?: string[];
    readonly User?: string;
    readonly WorkingDir?: string;
    readonly Env?: string[];
  };
}

/** Starts a sibling container as ECS does for a node's task definition; returns its id. */
export async function startContainer(
  engine: EngineClient,
  {
    runtime,
    channel,
    image,
    readOnly = false,
    memoryMib,
  }: { runtime: string; channel: string; image: string; readOnly?: boolean; memoryMib?: number },
): Promise<string> {
  const { Config: config } = await engine.call<ImageAnswer>('GET', `/images/${image}/json`);
  const { variable, taken } = siblingImageOf({
    entrypoint: config.Entrypoint ?? [],
    cmd: config.Cmd ?? [],
    user: config.User ?? '',
    workingDir: config.WorkingDir ?? '',
    env: config.Env ?? [],
  });
  const { Id: container } = await engine.call<{ Id: string }>('POST', '/containers/create', {
    body: {
      Image: image,
      User: '0',
      Entrypoint: wrapperCommand(),
      Cmd: [],
      Env: [`${IMAGE_VARIABLE}=${variable}`, ...taken.map((name) => `${name}=`)],
      Labels: { 'sluice-test': 'sibling' },
      HostConfig: {
        Init: true,
        NetworkMode: 'none',
        ReadonlyRootfs: readOnly,
        ...(memoryMib === undefined ? {} : { Memory: memoryMib * 2 ** 20 }),
        Binds: [`${runtime}:${SIBLING_PLACES.runtime}:ro`, `${channel}:${SIBLING_PLACES.channel}:ro`],
      },
    },
  });
  await engine.call('POST', `/containers/${container}/start`);
  return container;
}

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
