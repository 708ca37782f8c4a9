import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { type ImageReference, parseImageReference } from '../../../shared/core/image/image-reference.ts';
import type { RegistryCredentials } from '../../../shared/ports/image-registry.ts';
import { type EngineClient, EngineError } from './engine-client.ts';
import { isFinalPullError, type PullLine, PullProgress, pullFailure } from './pull-progress.ts';
import { registryAuth } from './registry-auth.ts';

/** Pauses before a registry that failed is asked again. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000];
/** How often a pull says how far it is. */
const PROGRESS_MS = 10_000;
/** For so long a failed pull is the answer to all who want the image. */
const FAILURE_MS = 5_000;

type Credentials = RegistryCredentials | undefined;

/** An image that the engine has. */
export interface EngineImage {
  readonly id: string;
  /** `user[:group]` that it names; empty for root. */
  readonly user: string;
  /** Whether it says where the home is. */
  readonly setsHome: boolean;
}

interface ImageAnswer {
  readonly Id: string;
  readonly RepoDigests?: string[] | null;
  readonly Config?: { readonly User?: string; readonly Env?: string[] | null } | null;
}

interface Wanted {
  readonly image: Promise<EngineImage>;
  failedAt: number | undefined;
}

/** The images of a node: each is looked for once, and pulled when the engine does not have it. */
export class ImageStore {
  readonly #client: EngineClient;
  readonly #end = new AbortController();
  readonly #pausesMs: readonly number[];
  readonly #wanted = new Map<string, Wanted>();

  constructor(client: EngineClient, pausesMs: readonly number[] = PAUSES_MS) {
    this.#client = client;
    this.#pausesMs = pausesMs;
  }

  /**
   * An image that is there. `note` is told how it came there, for the first who asks. Throws an Error with the
   * reason in words.
   */
  async find(imageUri: string, credentials: Credentials, note: (text: string) => void): Promise<EngineImage> {
    const key = keyOf(imageUri, credentials);
    const known = this.#wanted.get(key);
    const isStale = known?.failedAt !== undefined && performance.now() - known.failedAt > FAILURE_MS;
    if (known !== undefined && !isStale) return await known.image;
    const wanted: Wanted = { image: this.#obtain(imageUri, credentials, note), failedAt: undefined };
    this.#wanted.set(key, wanted);
    wanted.image.catch(() => {
      wanted.failedAt = performance.now();
    });
    return await wanted.image;
  }

  /** The engine turned out not to have an image any more: whoever wants it next looks again. */
  forget(imageUri: string, credentials: Credentials): void {
    this.#wanted.delete(keyOf(imageUri, credentials));
  }

  /** Gives up what is being pulled. */
  close(): void {
    this.#end.abort();
  }

  async #obtain(
    imageUri: string,
    credentials: Credentials,
    note: (text: string) => void,
  ): Promise<EngineImage> {
    const reference = parseImageReference(imageUri);
    const before = await this.#look(imageUri, reference);
    if (before !== undefined) {
      note(`Image ${imageUri} is on the node: ${before.digest}.`);
      return before.image;
    }
    const start = performance.now();
    note(`Image ${imageUri} is being pulled.`);
    await this.#pullAgain(imageUri, reference, credentials, note);
    const pulled = await this.#look(imageUri, reference);
    if (pulled === undefined) throw new Error(pullFailure(imageUri, 'the engine does not have it now'));
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    note(`Image ${imageUri} was pulled in ${seconds} s: ${pulled.digest}.`);
    return pulled.image;
  }

  async #look(
    imageUri: string,
    { repository }: ImageReference,
  ): Promise<{ image: EngineImage; digest: string } | undefined> {
    try {
      const path = `/images/${imageUri}/json`;
      const found = await this.#client.call<ImageAnswer>('GET', path);
      const short = repository.replace(/^library\//, '');
      const digest = (found.RepoDigests ?? []).find((name) => name.includes(`${short}@`))?.split('@')[1];
      return { image: imageOf(found), digest: digest ?? found.Id };
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return undefined;
      throw error;
    }
  }

  async #pullAgain(
    imageUri: string,
    reference: ImageReference,
    credentials: Credentials,
    note: (text: string) => void,
  ): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        await this.#pull(imageUri, reference, credentials, note);
        return;
      } catch (error) {
        const { message } = error as Error;
        const ms = this.#pausesMs[tries];
        if (ms === undefined || isFinalPullError(message) || this.#end.signal.aborted) {
          throw new Error(pullFailure(imageUri, message), { cause: error });
        }
        note(`Image ${imageUri} could not be pulled, and is asked for again in ${ms / 1000} s: ${message}`);
        await pause(ms, undefined, { signal: this.#end.signal });
      }
    }
  }

  async #pull(
    imageUri: string,
    { tag, digest }: ImageReference,
    credentials: Credentials,
    note: (text: string) => void,
  ): Promise<void> {
    const given = digest === undefined ? tag : digest;
    const fromImage = imageUri.replace(/@sha256:[0-9a-f]{64}$/, '').replace(/:[^:/]+$/, '');
    const answer = await this.#client.stream('POST', '/images/create', {
      // Without a tag the engine would pull all that there are.
      query: { fromImage, tag: given },
      headers: registryAuth(credentials),
      signal: this.#end.signal,
    });
    const progress = new PullProgress();
    let told = performance.now();
    for await (const text of createInterface({ input: answer })) {
      if (text.trim() === '') continue;
      const line = JSON.parse(text) as PullLine;
      if (line.error !== undefined) throw new Error(line.error);
      progress.take(line);
      if (performance.now() - told < PROGRESS_MS || progress.text === '') continue;
      told = performance.now();
      note(`Image ${imageUri} is being pulled: ${progress.text}.`);
    }
  }
}

function imageOf({ Id: id, Config: config }: ImageAnswer): EngineImage {
  const setsHome = (config?.Env ?? []).some((line) => line.startsWith('HOME='));
  return { id, user: config?.User ?? '', setsHome };
}

function keyOf(imageUri: string, credentials: Credentials): string {
  return JSON.stringify([imageUri, credentials]);
}
