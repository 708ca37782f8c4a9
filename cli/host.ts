import { streamTerminal, type Terminal } from './terminal/terminal.ts';

/** What the command uses of the process that it runs in; tests bring their own. */
export interface Host {
  readonly out: Terminal;
  readonly err: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory. */
  readonly directory: string;
  now(): number;
  /** A number in [0, 1). */
  random(): number;
  /** Resolves after `ms`, or at once when the signal fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  readStdin(): Promise<string>;
  /** Calls back on Ctrl-C, SIGTERM and a closed terminal, instead of dying of it; the answer takes the listener away. */
  onInterrupt(listener: () => void): () => void;
  /** Calls back on the way out of the process, whichever way that is; the answer takes the listener away. */
  onExit(listener: () => void): () => void;
  /** Calls back when the reader of the output went away (`| head`), instead of ending the process. */
  onOutputClosed(listener: () => void): () => void;
  /** Ends the process without waiting for anything. */
  exitNow(code: number): void;
}

const interrupts = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The real process. */
export function processHost(): Host {
  let closedListener: (() => void) | undefined;
  const onStreamError = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (closedListener === undefined) process.exit(0);
    closedListener();
  };
  process.stdout.on('error', onStreamError);
  process.stderr.on('error', onStreamError);
  return {
    out: streamTerminal(process.stdout),
    err: streamTerminal(process.stderr),
    env: process.env,
    directory: process.cwd(),
    now: Date.now,
    random: Math.random,
    sleep,
    readStdin,
    onInterrupt(listener) {
      for (const signal of interrupts) process.on(signal, listener);
      return () => {
        for (const signal of interrupts) process.off(signal, listener);
      };
    },
    onExit(listener) {
      process.on('exit', listener);
      return () => process.off('exit', listener);
    },
    onOutputClosed(listener) {
      closedListener = listener;
      return () => {
        closedListener = undefined;
      };
    },
    exitNow: (code) => process.exit(code),
  };
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal?.addEventListener('abort', wake);
  });
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
