import type { Host } from '../host.ts';
import { plainPaint, type Terminal } from '../terminal/terminal.ts';

/** A terminal that keeps what was written. */
export class KeptTerminal implements Terminal {
  text = '';
  readonly paint = plainPaint;
  isTerminal = false;
  columns = 100;
  rows = 30;

  write(text: string): void {
    this.text += text;
  }
}

/** A host without a process: what is written is kept, sleeping moves its clock (and takes a moment, so that servers can answer). */
export class FakeHost implements Host {
  readonly out = new KeptTerminal();
  readonly err = new KeptTerminal();
  env: Record<string, string | undefined> = {};
  directory = process.cwd();
  stdin = '';
  time = Date.parse('2026-11-22T14:00:00Z');
  slept: number[] = [];
  exitedWith: number | undefined;
  readonly #interruptListeners = new Set<() => void>();

  now = () => this.time;
  random = () => 0;

  async sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.time += ms;
    await new Promise((resolve) => setImmediate(resolve));
  }

  readStdin = async () => this.stdin;

  onInterrupt(listener: () => void): () => void {
    this.#interruptListeners.add(listener);
    return () => this.#interruptListeners.delete(listener);
  }

  onExit = () => () => undefined;
  onOutputClosed = () => () => undefined;
  exitNow = (code: number) => {
    this.exitedWith = code;
  };

  /** Presses Ctrl-C. */
  interrupt(): void {
    for (const listener of this.#interruptListeners) listener();
  }
}
