import { appendFileSync, renameSync, writeFileSync } from 'node:fs';

const STALE_LINES = 64;

/**
 * Keeps `{runDir}/groups`: the ids of this agent's process groups, one a line, so that whoever started the agent can
 * kill what is left when the agent itself was killed. Now and then groups that are gone are dropped from it.
 */
export class GroupFile {
  readonly #file: string;
  readonly #groups = new Set<number>();
  #stale = 0;

  constructor(file: string) {
    this.#file = file;
    writeFileSync(file, '');
  }

  started(group: number): void {
    this.#groups.add(group);
    appendFileSync(this.#file, `${group}\n`);
  }

  ended(group: number): void {
    this.#groups.delete(group);
    this.#stale += 1;
    if (this.#stale < STALE_LINES) return;
    this.#stale = 0;
    writeFileSync(`${this.#file}.new`, [...this.#groups].map((id) => `${id}\n`).join(''));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
