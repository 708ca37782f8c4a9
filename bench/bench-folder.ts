import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The project's root. */
export const projectFolder = dirname(import.meta.dirname);

/** Where contenders are installed; it tells git to look away by itself. */
export function benchFolder(): string {
  const folder = join(projectFolder, '.bench');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '.gitignore'), '*\n');
  return folder;
}
