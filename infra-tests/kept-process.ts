import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program that runs for tests, and outlives them in no case. */
export interface KeptProcess {
  /** The last of what it wrote to its error output. */
  complaints(): string;
  /** Ends it, and waits for that. */
  stop(): Promise<void>;
}

export interface KeptOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** What is removed with it. */
  readonly folder?: string;
}

/**
 * Ends the program when its own input ends, which it does with whoever started it; nobody may be there then to hear of
 * it. Arguments: the folder, the command.
 */
const KEEPER = `
folder=$1; shift
"$@" </dev/null & program=$!
cat >/dev/null
exec 2>/dev/null
kill "$program"; wait "$program"
[ -z "$folder" ] || rm -rf "$folder"
`;

/** Starts a program by the words of its command; `env` is beside the environment of the tests. */
export function keptProcess(command: readonly string[], { env, folder = '' }: KeptOptions = {}): KeptProcess {
  const child = spawn('sh', ['-c', KEEPER, 'sh', folder, ...command], {
    stdio: ['pipe', 'ignore', 'pipe'],
    // A group of its own: an interrupt from the keyboard ends the tests, and their end ends it.
    detached: true,
    env: { ...process.env, ...env },
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-2000);
  });
  const gone = once(child, 'exit');
  return {
    complaints: () => errors.trim(),
    async stop() {
      child.stdin.end();
      await gone;
    },
  };
}
