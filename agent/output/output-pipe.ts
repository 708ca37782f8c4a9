import { execFileSync } from 'node:child_process';
import { chownSync, constants, openSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';

/** What an unprivileged program can make of a pipe on Linux; 64 KiB is usual. */
const MAX_PIPE_BYTES = 1024 * 1024;

/** Node reads 64 KiB from a pipe at once; half of that is on the safe side. */
const BUSY_BYTES = 32 * 1024;

/** Takes what a runnable writes. */
export interface OutputTaker {
  stdout(bytes: Buffer): void;
  stderr(bytes: Buffer): void;
}

/**
 * Two named pipes through which one shell's runnables write. They are real pipes, so a program may open /dev/stderr
 * (on a socket that fails, on a file it truncates), and they outlive the shell, so a task costs no file.
 */
export class OutputPipe {
  readonly stdoutPath: string;
  readonly stderrPath: string;
  readonly #descriptors: [number, number];
  readonly #sockets: Socket[];
  #taker: OutputTaker | undefined;
  /** Bytes since the taker came. */
  #taken = 0;

  constructor(stdoutPath: string, stderrPath: string) {
    this.stdoutPath = stdoutPath;
    this.stderrPath = stderrPath;
    // Opened for writing too, so that a pipe without a writer is no end of file.
    const mode = constants.O_RDWR | constants.O_NONBLOCK;
    this.#descriptors = [openSync(stdoutPath, mode), openSync(stderrPath, mode)];
    this.#sockets = this.#descriptors.map((fd, stream) => {
      const socket = new Socket({ fd, readable: true, writable: false });
      socket.on('data', (bytes: Buffer) => this.#take(stream, bytes));
      socket.on('error', ignore);
      socket.unref();
      return socket;
    });
  }

  /** From now on bytes belong to `taker`. */
  giveTo(taker: OutputTaker): void {
    this.#taker = taker;
    this.#taken = 0;
  }

  /** Whether so much has come that more may still be in the pipes when the program has ended. */
  get isBusy(): boolean {
    return this.#taken >= BUSY_BYTES;
  }

  /** Reads what is in the pipes at this moment: no more than fits, for somebody may still be writing. */
  drain(): void {
    this.#descriptors.forEach((fd, stream) => {
      for (let total = 0; total < MAX_PIPE_BYTES; ) {
        const bytes = readNow(fd);
        if (bytes === undefined) return;
        total += bytes.length;
        this.#take(stream, bytes);
      }
    });
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #take(stream: number, bytes: Buffer): void {
    this.#taken += bytes.length;
    if (stream === 0) this.#taker?.stdout(bytes);
    else this.#taker?.stderr(bytes);
  }
}

/** Makes output pipes and uses them again. */
export class OutputPipes {
  readonly #folder: string;
  readonly #mode: string;
  readonly #owner: { readonly uid: number; readonly gid: number } | undefined;
  readonly #free: OutputPipe[] = [];
  #made = 0;
  #isClosed = false;

  /**
   * `mode` of the pipes, and their `owner`, where that is not the agent's user: a program that is to open its /dev/stdout
   * must be allowed to write there.
   */
  constructor(
    folder: string,
    { mode = '600', owner }: { mode?: string; owner?: { uid: number; gid: number } | undefined } = {},
  ) {
    this.#folder = folder;
    this.#mode = mode;
    this.#owner = owner;
  }

  take(): OutputPipe {
    if (this.#free.length === 0) this.#make(Math.min(16, Math.max(4, this.#made)));
    return this.#free.pop() ?? this.take();
  }

  giveBack(pipe: OutputPipe): void {
    if (this.#isClosed) pipe.close();
    else this.#free.push(pipe);
  }

  /** Closes the pipes that are free, and the others as they are given back. */
  close(): void {
    this.#isClosed = true;
    for (const pipe of this.#free.splice(0)) pipe.close();
  }

  #make(count: number): void {
    const paths = Array.from({ length: count }, (_, at) => {
      const name = join(this.#folder, `pipe-${this.#made + at}`);
      return [`${name}-out`, `${name}-err`] as const;
    });
    execFileSync('mkfifo', ['-m', this.#mode, ...paths.flat()]);
    const owner = this.#owner;
    if (owner !== undefined) for (const path of paths.flat()) chownSync(path, owner.uid, owner.gid);
    this.#made += count;
    for (const [stdout, stderr] of paths) this.#free.push(new OutputPipe(stdout, stderr));
  }
}

const chunk = Buffer.allocUnsafe(64 * 1024);

function readNow(fd: number): Buffer | undefined {
  const limit = Error.stackTraceLimit;
  // An empty pipe is told by an exception, once or twice a task: without a stack it costs little.
  Error.stackTraceLimit = 0;
  try {
    const length = readSync(fd, chunk, 0, chunk.length, null);
    return length === 0 ? undefined : chunk.subarray(0, length);
  } catch {
    return undefined;
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function ignore(): void {
  // A pipe that cannot be read any more has nothing to say.
}
