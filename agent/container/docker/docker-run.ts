import type { Duplex } from 'node:stream';
import { json } from 'node:stream/consumers';
import type { ContainerEnd, ContainerSpec, ContainerWatcher, RunningContainer } from '../container-engine.ts';
import { type ContainerPlace, createBody, userOf } from './create-body.ts';
import type { DockerEngine } from './docker-engine.ts';
import { endReason, requestFailure, startFailure } from './end-words.ts';
import { EngineError } from './engine-client.ts';
import type { EngineImage } from './image-store.ts';
import { refuseNamedRoot } from './named-root.ts';
import { openFolderArchive } from './open-folder.ts';
import { OutputFrames } from './output-frames.ts';
import { removeContainer } from './sweep-engine.ts';
import type { TaskFiles } from './task-files.ts';

/** The engine ends the stream of output when the container is gone; it is not waited for longer. */
const OUTPUT_MS = 5_000;
const ATTACHED = { stream: true, stdout: true, stderr: true };
const NEXT_EXIT = { condition: 'next-exit' };
const SIGNAL_CODES = { SIGTERM: 143, SIGKILL: 137 } as const;

type Signal = 'SIGTERM' | 'SIGKILL';

/** One container's life: image, files, create, start, end, remove. */
export class DockerRun implements RunningContainer {
  readonly #engine: DockerEngine;
  readonly #files: TaskFiles;
  readonly #spec: ContainerSpec;
  readonly #watcher: ContainerWatcher;
  readonly #gone = Promise.withResolvers<void>();
  readonly #called = Promise.withResolvers<Signal>();
  #calledOff: Signal | undefined;
  #id: string | undefined;
  #isStarted = false;
  #hasEnded = false;

  constructor(engine: DockerEngine, files: TaskFiles, spec: ContainerSpec, watcher: ContainerWatcher) {
    this.#engine = engine;
    this.#files = files;
    this.#spec = spec;
    this.#watcher = watcher;
  }

  /** Resolves when the container has been removed, after its end was told. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  start(): void {
    void this.#live();
  }

  signal(name: Signal): void {
    this.#calledOff = name;
    this.#called.resolve(name);
    if (this.#isStarted && !this.#hasEnded) void this.#send(name);
  }

  async #live(): Promise<void> {
    this.#end(await this.#prepareAndRun().catch((error: unknown) => this.#failure(error)));
    try {
      if (this.#id !== undefined) await removeContainer(this.#engine.client, this.#id);
    } catch {
      // The engine is gone; what it left is swept when it is there again.
    }
    this.#gone.resolve();
  }

  async #prepareAndRun(): Promise<ContainerEnd> {
    const id = await this.#obtain().catch((error: unknown) => {
      if (!isImageGone(error)) throw error;
      // Somebody has removed it since the node saw it.
      this.#engine.images.forget(this.#spec.request.imageUri, this.#spec.credentials);
      return this.#obtain();
    });
    return id === undefined || this.#calledOff !== undefined ? this.#neverRan() : await this.#run(id);
  }

  /** A container that is made and does not run yet; undefined when it was called off before. */
  async #obtain(): Promise<string | undefined> {
    const { request, credentials } = this.#spec;
    const note = (text: string) => this.#watcher.note(text);
    const wanted = this.#engine.images.find(request.imageUri, credentials, note);
    // A pull takes its time, and goes on for others who want the image.
    const image = await Promise.race([wanted, this.#called.promise.then(() => undefined)]);
    return image === undefined ? undefined : await this.#create(image);
  }

  async #create(image: EngineImage): Promise<string> {
    const { request } = this.#spec;
    const { client, labels } = this.#engine;
    const processors = await this.#engine.processors();
    const network = request.blockExternalNetwork
      ? await this.#engine.isolatedNetwork()
      : (request.options.network ?? 'bridge');
    for (;;) {
      const { binds, mounts, fresh } = await this.#files.place(request.mounts);
      const place: ContainerPlace = { image, processors, labels, network, binds, mounts };
      try {
        const body = createBody(this.#spec, place);
        const { Id } = await client.call<{ Id: string }>('POST', '/containers/create', { body });
        this.#id = Id;
        if (this.#spec.isNonRoot) await refuseNamedRoot(client, Id, userOf(this.#spec, image).name ?? '');
        for (const path of fresh) {
          const archive = { query: { path }, body: openFolderArchive(Date.now()) };
          await client.call('PUT', `/containers/${Id}/archive`, archive);
        }
        this.#files.opened(request.mounts, fresh);
        return Id;
      } catch (error) {
        if (!(error instanceof EngineError) || !this.#files.learnFrom(error.message)) throw error;
      }
    }
  }

  async #run(id: string): Promise<ContainerEnd> {
    const { client } = this.#engine;
    const output = await client.upgrade(`/containers/${id}/attach`, { query: ATTACHED });
    const heard = listen(output, new OutputFrames(this.#watcher));
    try {
      // The answer begins when the engine has begun to wait: a container that is started before may have ended by then.
      const waited = json(await client.stream('POST', `/containers/${id}/wait`, { query: NEXT_EXIT }));
      // It is awaited below, and may fail before that.
      waited.catch(() => undefined);
      try {
        await client.call('POST', `/containers/${id}/start`);
      } catch (error) {
        if (error instanceof EngineError) return startFailure(error.message);
        throw error;
      }
      this.#isStarted = true;
      if (this.#calledOff !== undefined) void this.#send(this.#calledOff);
      const { StatusCode } = (await waited) as { StatusCode: number };
      this.#hasEnded = true;
      const late = setTimeout(() => output.destroy(), OUTPUT_MS);
      await heard;
      clearTimeout(late);
      return await this.#endOf(id, StatusCode);
    } finally {
      output.destroy();
    }
  }

  async #endOf(id: string, exitCode: number): Promise<ContainerEnd> {
    if (exitCode === 0) return { exitCode };
    const { client } = this.#engine;
    const { State } = await client.call<{ State: { OOMKilled: boolean } }>('GET', `/containers/${id}/json`);
    const { memoryMib } = this.#spec;
    const reason = endReason(exitCode, { isOutOfMemory: State.OOMKilled, memoryMib });
    return reason === undefined ? { exitCode } : { exitCode, reason };
  }

  async #send(name: Signal): Promise<void> {
    const query = { signal: name };
    // It may have ended meanwhile; an engine that is gone is told by other calls.
    await this.#engine.client.call('POST', `/containers/${this.#id}/kill`, { query }).catch(() => undefined);
  }

  #neverRan(): ContainerEnd {
    return { exitCode: SIGNAL_CODES[this.#calledOff ?? 'SIGKILL'] };
  }

  #failure(error: unknown): ContainerEnd {
    if (this.#calledOff !== undefined && !this.#isStarted) return this.#neverRan();
    const { message } = error as Error;
    // A connection that failed has a code; what the engine or a registry refused has none.
    if ((error as NodeJS.ErrnoException).code === undefined) return requestFailure(message);
    return requestFailure(`the container engine at ${this.#engine.client.address.text} failed (${message})`);
  }

  #end(end: ContainerEnd): void {
    this.#hasEnded = true;
    this.#watcher.onExit(end);
  }
}

function isImageGone(error: unknown): boolean {
  return error instanceof EngineError && error.status === 404 && /no such image/i.test(error.message);
}

/** Resolves when the stream has ended, in whatever way. */
async function listen(output: Duplex, frames: OutputFrames): Promise<void> {
  output.on('data', (bytes: Buffer) => frames.push(bytes));
  await new Promise<void>((resolve) => {
    output.on('error', () => resolve());
    output.on('end', () => resolve());
    output.on('close', () => resolve());
  });
}
