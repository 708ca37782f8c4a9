import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { basename, join } from 'node:path';
import { type OutputPipe, OutputPipes, type OutputTaker } from '../output/output-pipe.ts';
import { MessageLink } from './message-link.ts';
import { type AgentMessage, PROTOCOL, type RunMessage, SOCKET, type WrapperMessage } from './messages.ts';

/** How a run in a sibling ended. */
export interface SiblingExit {
  readonly exitCode: number;
  /** Why it could not be started, in words. */
  readonly problem?: string;
  /** Why it was cut short, in words: its container is gone. */
  readonly gone?: string;
  /** The kernel killed something of it for want of memory. */
  readonly outOfMemory?: boolean;
}

/** What to run in a sibling, and who takes what it writes. */
export interface SiblingCommand extends OutputTaker {
  readonly program: Omit<RunMessage, 'type' | 'run' | 'stdout' | 'stderr'>;
  /** Called once, after all output has been given. */
  onExit(exit: SiblingExit): void;
}

export interface SiblingRun {
  /** Signals the program with all that is in its group. Does nothing once it has ended. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/** 128 + SIGKILL: what becomes of programs whose container dies. */
const KILLED_EXIT_CODE = 137;

/** The agent's end of one sibling container: its channel, and what runs there. */
export class Sibling {
  readonly image: string;
  readonly #channel: string;
  readonly #pipes: OutputPipes;
  readonly #server: Server;
  readonly #onGone: (why: string) => void;
  readonly #running = new Map<number, { command: SiblingCommand; pipe: OutputPipe }>();
  #link: MessageLink<WrapperMessage, AgentMessage> | undefined;
  #runs = 0;
  #gone: string | undefined;
  #isClosed = false;
  readonly #greeting = Promise.withResolvers<void>();

  /**
   * Begins to listen for the wrapper in `channel`, a folder that this sibling alone has mounted. `image`: for messages.
   * `onGone`: the container has died, and with it what ran there.
   */
  constructor(image: string, channel: string, onGone: (why: string) => void) {
    this.image = image;
    this.#channel = channel;
    this.#onGone = onGone;
    mkdirSync(channel, { recursive: true });
    // Programs that are not root cannot get at the socket and the pipes of others by name.
    chmodSync(channel, 0o700);
    this.#pipes = new OutputPipes(channel, { mode: '666' });
    this.#greeting.promise.catch(ignore);
    this.#server = createServer((socket) => this.#welcome(socket));
    this.#server.on('error', (error) => this.#die(`its channel cannot be used (${error.message})`));
    rmSync(join(channel, SOCKET), { force: true });
    this.#server.listen(join(channel, SOCKET));
  }

  /** Resolves when the wrapper has said hello; rejects when it cannot any more. */
  get ready(): Promise<void> {
    return this.#greeting.promise;
  }

  run(command: SiblingCommand): SiblingRun {
    const run = ++this.#runs;
    if (this.#gone !== undefined) {
      command.onExit({ exitCode: KILLED_EXIT_CODE, gone: this.#gone });
      return { signal: ignore };
    }
    const pipe = this.#pipes.take();
    pipe.giveTo(command);
    this.#running.set(run, { command, pipe });
    const [stdout, stderr] = [basename(pipe.stdoutPath), basename(pipe.stderrPath)];
    this.#link?.send({ ...command.program, type: 'run', run, stdout, stderr });
    return {
      signal: (name) => {
        if (this.#running.has(run)) this.#link?.send({ type: 'signal', run, name });
      },
    };
  }

  /** Ends what runs, and the container: the wrapper goes when its agent has gone. */
  close(): void {
    this.#isClosed = true;
    this.#die('the agent ends');
    this.#pipes.close();
    rmSync(join(this.#channel, SOCKET), { force: true });
  }

  /** The first to come is the wrapper, for nothing else runs in its container before it has been asked to; then the door is shut. */
  #welcome(socket: Socket): void {
    if (this.#link !== undefined) {
      socket.destroy();
      return;
    }
    this.#server.close();
    rmSync(join(this.#channel, SOCKET), { force: true });
    this.#link = new MessageLink<WrapperMessage, AgentMessage>(
      socket,
      (message) => this.#take(message),
      () => this.#die(`the container of ${this.image} on this node is gone: it was killed from outside`),
    );
  }

  #take(message: WrapperMessage): void {
    if (message.type === 'hello') {
      if (message.protocol === PROTOCOL) this.#greeting.resolve();
      else this.#die(`the wrapper in ${this.image} speaks protocol ${message.protocol}, not ${PROTOCOL}`);
      return;
    }
    const { run, exitCode, problem, outOfMemory } = message;
    this.#end(run, {
      exitCode,
      ...(problem === undefined ? {} : { problem }),
      ...(outOfMemory === undefined ? {} : { outOfMemory }),
    });
  }

  #end(run: number, exit: SiblingExit): void {
    const running = this.#running.get(run);
    if (running === undefined) return;
    this.#running.delete(run);
    // All that it wrote is in the pipe by now: its end was told after it.
    running.pipe.drain();
    this.#pipes.giveBack(running.pipe);
    running.command.onExit(exit);
  }

  #die(why: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = why;
    this.#server.close();
    this.#link?.close();
    this.#greeting.reject(new Error(why));
    for (const run of [...this.#running.keys()]) this.#end(run, { exitCode: KILLED_EXIT_CODE, gone: why });
    if (!this.#isClosed) this.#onGone(why);
  }
}

function ignore(): void {
  // Nobody waits for it.
}
