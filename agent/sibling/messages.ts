/**
 * What an agent and the wrapper in a sibling container say to each other over a stream socket: one JSON value a line.
 * A program's output is not among it: the program writes into named pipes that the agent made and reads.
 */
export const PROTOCOL = 1;

/** From the agent: run the image with this. */
export interface RunMessage {
  readonly type: 'run';
  readonly run: number;
  /** In place of the image's; empty for none. Then the image's command does not count either. */
  readonly entrypoint?: string;
  /** In place of the image's command; empty for the image's own. */
  readonly commands: readonly string[];
  /** `user`, `user:group`, names or numbers; the image's own when absent. */
  readonly user?: string;
  /** It must not be root, nor become it. */
  readonly isNonRoot?: boolean;
  readonly workDir?: string;
  /** Beside what the image sets, and over it. */
  readonly env: Readonly<Record<string, string>>;
  /** Limits of the program, as `NAME=SOFT[:HARD]` in the words of `prlimit`. */
  readonly ulimits?: readonly string[];
  /** File names of pipes in the channel. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface SignalMessage {
  readonly type: 'signal';
  readonly run: number;
  readonly name: 'SIGTERM' | 'SIGKILL';
}

export type AgentMessage = RunMessage | SignalMessage;

/** From the wrapper, first of all. */
export interface HelloMessage {
  readonly type: 'hello';
  readonly protocol: number;
}

/** From the wrapper: a run is over, and nothing is left of it. */
export interface ExitedMessage {
  readonly type: 'exited';
  readonly run: number;
  /** The program's; 128 + its signal's number; or 125 to 127 when it could not be started. */
  readonly exitCode: number;
  /** Why it could not be started, in words. */
  readonly problem?: string;
  /** The kernel killed something in the container for want of memory while it ran. */
  readonly outOfMemory?: boolean;
}

export type WrapperMessage = HelloMessage | ExitedMessage;

/** The agent's socket in a channel. */
export const SOCKET = 'agent.sock';
