import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Host } from '../host.ts';
import { type JobFile, JobFileError } from './job-file.ts';

/** Reads the job file that the user named, `-` for standard input. Throws JobFileError for what is no job file. */
export async function readJobFile(path: string, host: Host): Promise<JobFile> {
  const name = path === '-' ? 'stdin' : path;
  const text = path === '-' ? await host.readStdin() : readText(name, resolve(host.directory, path));
  const { parseJobFile } = await import('./parse-job-file.ts');
  return parseJobFile(name, text);
}

function readText(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new JobFileError(name, 'there is no such file');
    if (code === 'EISDIR') throw new JobFileError(name, 'is a directory, not a file');
    throw new JobFileError(name, error instanceof Error ? error.message : String(error));
  }
}
