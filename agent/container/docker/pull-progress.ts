/** A line of what the engine says while it pulls. */
export interface PullLine {
  readonly id?: string;
  readonly status?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly error?: string;
}

const MIB = 2 ** 20;

/** How far a pull has come: the sum over the layers that are known to be loaded. */
export class PullProgress {
  readonly #layers = new Map<string, { current: number; total: number }>();

  take({ id, status, progressDetail }: PullLine): void {
    if (id === undefined) return;
    const layer = this.#layers.get(id);
    if (status === 'Downloading') {
      const { current = 0, total = 0 } = progressDetail ?? {};
      this.#layers.set(id, { current, total });
    } else if (layer !== undefined && (status === 'Download complete' || status === 'Pull complete')) {
      layer.current = layer.total;
    }
  }

  /** `12 of 40 MiB`; empty while nothing is known. */
  get text(): string {
    let current = 0;
    let total = 0;
    for (const layer of this.#layers.values()) {
      current += layer.current;
      total += layer.total;
    }
    return total === 0 ? '' : `${(current / MIB).toFixed(0)} of ${(total / MIB).toFixed(0)} MiB`;
  }
}

/** Whether it makes no sense to ask a registry for an image again. */
export function isFinalPullError(message: string): boolean {
  return FINAL.test(message);
}

const FINAL =
  /not found|manifest unknown|name unknown|does not exist|denied|unauthorized|authentication required|no basic auth|invalid reference|no matching manifest|unsupported|forbidden/i;

/** Why an image cannot be pulled, in words before the engine's. */
export function pullFailure(imageUri: string, message: string): string {
  const why = reasons.find(([pattern]) => pattern.test(message))?.[1] ?? 'its registry failed';
  return `the image ${imageUri} cannot be pulled: ${why} (${message})`;
}

// The first that fits.
const reasons: readonly (readonly [RegExp, string])[] = [
  [/toomanyrequests|too many requests|429/i, 'its registry allows no more pulls for now'],
  [
    /denied|unauthorized|no basic auth|authentication required|forbidden/i,
    'its registry does not let this user have it, or it does not exist; container.username and container.password say who pulls',
  ],
  [/no matching manifest/i, 'it is not made for the processor of this machine'],
  [/not found|manifest unknown|name unknown|does not exist/i, 'its registry does not have it'],
  [/no such host|connection refused|timeout|deadline exceeded/i, 'its registry cannot be reached'],
];
