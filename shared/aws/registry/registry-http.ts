import { ImageError } from '../../core/image/image-error.ts';
import { errorOfAnswer, retryAfterMs } from '../../core/image/registry-answer.ts';

/** Time and chance as arguments, so that tests need neither. */
export interface RegistryPace {
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
}

export const realPace: RegistryPace = {
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
};

export interface RegistryAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

const TRIES = 5;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;
const ANSWER_MS = 15_000;
/** Manifests and configurations are a few kilobytes; registries bound them at 4 MiB. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Asks, and asks again while the answer is one that passes: too many requests, a server's error, no answer or half of
 * one. `check` throws an ImageError for a body that is not what it should be. Any answer below 500 but 429 is returned.
 */
export async function ask(
  image: string,
  pace: RegistryPace,
  url: string,
  headers: Record<string, string>,
  check: (answer: RegistryAnswer) => void = () => undefined,
): Promise<RegistryAnswer> {
  for (let tries = 1; ; tries += 1) {
    let pauseMs: number | undefined;
    let error: ImageError;
    try {
      const answer = await once(url, headers);
      if (answer.status < 500 && answer.status !== 429) {
        check(answer);
        return answer;
      }
      pauseMs = retryAfterMs(answer.headers.get('retry-after'));
      error = errorOfAnswer(image, answer.status, answer.body.toString('utf8'));
    } catch (thrown) {
      error = thrown instanceof ImageError ? thrown : unreachable(image, url, thrown as Error);
    }
    if (!error.passes || tries === TRIES) throw error;
    const backoff = FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + pace.random());
    await pace.sleep(Math.min(LONGEST_PAUSE_MS, Math.max(pauseMs ?? 0, backoff)));
  }
}

async function once(url: string, headers: Record<string, string>): Promise<RegistryAnswer> {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_MS) });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES)
      throw new ImageError('INVALID', `${new URL(url).host} answers with more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return { status: response.status, headers: response.headers, body: Buffer.concat(chunks) };
}

function unreachable(image: string, url: string, error: Error): ImageError {
  const { cause } = error as { cause?: Error };
  const why = cause?.message || error.message;
  return new ImageError('UNAVAILABLE', `${new URL(url).host}, for ${image}, gives no whole answer (${why})`);
}
