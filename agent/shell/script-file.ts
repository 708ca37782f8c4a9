import { chmodSync, closeSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { quote } from './quote.ts';

/** A script that cannot be run, with the exit code that a shell gives for it. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Turns a job's scripts into shell commands; each different text is written to `folder` once. */
export class ScriptFiles {
  readonly #folder: string;
  readonly #workDir: string;
  readonly #mode: number;
  readonly #commands = new Map<string, string>();

  /** `isOpen`: scripts run as another user than the one who writes them. */
  constructor(folder: string, workDir: string, isOpen = false) {
    this.#folder = folder;
    this.#workDir = workDir;
    this.#mode = isOpen ? 0o755 : 0o700;
  }

  /** The command that runs a script given as text. */
  commandForText(text: string): string {
    const known = this.#commands.get(text);
    if (known !== undefined) return known;
    const file = join(this.#folder, `script-${this.#commands.size}`);
    writeFileSync(file, text);
    // Whatever the agent's own mask is.
    chmodSync(file, this.#mode);
    const command = commandFor(text.slice(0, MAX_FIRST_LINE), file);
    this.#commands.set(text, command);
    return command;
  }

  /** The command that runs the script in a file of the user's; it is looked at each time, for it may change. */
  commandForPath(path: string): string {
    const file = resolve(this.#workDir, path);
    try {
      const start = firstBytes(file);
      const isProgram = start.startsWith('\x7fELF') && (statSync(file).mode & 0o111) !== 0;
      return isProgram ? quote(file) : commandFor(start, file);
    } catch (error) {
      if (error instanceof ScriptError) throw error;
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      const missing = code === 'ENOENT' || code === 'ENOTDIR';
      const problem = missing ? 'there is no such file' : `the file cannot be read (${code})`;
      throw new ScriptError(missing ? 127 : 126, `cannot run the script at path ${path}: ${problem}`);
    }
  }
}

const MAX_FIRST_LINE = 512;

/**
 * A `#!` line is read here as the kernel reads it (interpreter, then at most one argument), so that scripts also run
 * from where executing is forbidden, without execute permission, and right after they were written.
 */
function commandFor(start: string, file: string): string {
  if (!start.startsWith('#!')) return `/bin/sh ${quote(file)}`;
  const line = (start.slice(2).split('\n', 1)[0] ?? '').trim();
  const [interpreter = ''] = line.split(/[ \t]/, 1);
  if (interpreter === '') return `/bin/sh ${quote(file)}`;
  const argument = line.slice(interpreter.length).trim();
  return `${quote(interpreter)} ${argument === '' ? '' : `${quote(argument)} `}${quote(file)}`;
}

function firstBytes(file: string): string {
  if (!statSync(file).isFile()) {
    throw new ScriptError(126, `cannot run the script at path ${file}: it is not a file`);
  }
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(MAX_FIRST_LINE);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(descriptor);
  }
}
