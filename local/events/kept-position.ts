import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { formatPosition, type LogPosition, parsePosition } from './log-position.ts';

/** How far a receiver is, in a file of its own: the file is the old one or the new one, whenever this process dies. */
export interface KeptPosition {
  /** Undefined for a receiver that is new. */
  read(): LogPosition | undefined;
  write(position: LogPosition): void;
}

export function keptPosition(file: string): KeptPosition {
  return {
    read() {
      try {
        return parsePosition(readFileSync(file, 'utf8').trim());
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    write(position) {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.next`, `${formatPosition(position)}\n`, { mode: 0o600 });
      renameSync(`${file}.next`, file);
    },
  };
}
