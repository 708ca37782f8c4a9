/** The last ids that a receiver has taken: what is handed over again after a failure is known by them. */
export class RecentIds {
  readonly #ids: Set<string>;
  readonly #kept: number;

  /** `kept`: more than there are in what is handed over at a time. */
  constructor(kept: number, ids: Iterable<string> = []) {
    this.#kept = kept;
    this.#ids = new Set(ids);
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    this.#ids.add(id);
    for (const oldest of this.#ids) {
      if (this.#ids.size <= this.#kept) return;
      this.#ids.delete(oldest);
    }
  }
}
