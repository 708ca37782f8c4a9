import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of the node that containers of a task share. A node with any runs one task at a time; each finds them empty. */
export class NodeVolumes {
  readonly #folders: readonly string[];
  #owner: string | undefined;

  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** A runnable of a task is about to start: what another task left is removed. */
  enter(taskId: string): void {
    if (this.#owner === taskId) return;
    this.#owner = taskId;
    for (const folder of this.#folders) {
      // As on one machine: containers of any user may write there.
      chmodSync(folder, 0o1777);
      for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
}
