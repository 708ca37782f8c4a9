import { exitCodes } from '../exit-codes.ts';
import type { Host } from '../host.ts';
import { moveOn, type RunAction, type RunEvent, type RunPhase } from './interrupts.ts';

/** What a run can be told to do by Ctrl-C. */
export interface RunActions {
  say(text: string): void;
  cancel(): void;
}

/** Turns Ctrl-C into what it means in the run's present phase. */
export class RunControl {
  readonly #host: Host;
  readonly #stop = new AbortController();
  readonly #removeListener: () => void;
  readonly #perform: Record<RunAction, () => void> = {
    none: () => undefined,
    promiseCancel: () => {
      this.actions.say('Cancelling the job once it is submitted; Ctrl-C again stops at once.');
    },
    cancel: () => {
      this.actions.say('Cancelling the job and waiting for its end; Ctrl-C again stops at once.');
      this.actions.cancel();
    },
    stop: () => {
      this.actions.say('Stopping at once: the nodes are killed.');
      this.#stop.abort();
    },
    exit: () => this.#host.exitNow(exitCodes.cancelled),
  };
  #phase: RunPhase = 'starting';
  /** What to do once there is a job; before that, words go to standard error. */
  actions: RunActions;

  constructor(host: Host) {
    this.#host = host;
    this.actions = { say: (text) => host.err.write(`${text}\n`), cancel: () => undefined };
    this.#removeListener = host.onInterrupt(() => this.happened('interrupt'));
  }

  /** Fires when everything is to stop at once. */
  get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  /** Takes note of an event and does what follows from it. */
  happened(event: RunEvent): void {
    const { phase, action } = moveOn(this.#phase, event);
    this.#phase = phase;
    this.#perform[action]();
  }

  /** Ctrl-C is the process's own again. */
  release(): void {
    this.#removeListener();
  }
}
