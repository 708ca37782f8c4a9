import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * Programs are marked by how ready the kernel is to kill them when memory runs out: the only mark that children inherit,
 * that stays through `setsid`, and that may be read of any process. It is above the wrapper's own, so that they go first.
 */
const FIRST_MARK = 500;
const MARKS = 500;
const OWN_MARK = '/proc/self/oom_score_adj';

const ROUNDS = 50;
const PAUSE_MS = 2;

/** Marks for programs that run at the same time. */
export class Marks {
  /** Marks that a program has, or what is left of one. */
  readonly #reserved = new Set<number>();
  /** Those of programs that have not ended. */
  readonly #running = new Set<number>();
  readonly #own = readProc('self/oom_score_adj').trim() || '0';

  /** For a program that begins. */
  take(): number {
    let mark = FIRST_MARK;
    while (this.#reserved.has(mark) && mark < FIRST_MARK + MARKS - 1) mark += 1;
    this.#reserved.add(mark);
    this.#running.add(mark);
    return mark;
  }

  /** The program has ended. What it left has its mark still: no other is to have it. */
  ended(mark: number): void {
    this.#running.delete(mark);
  }

  /** Nothing is left of the program. */
  giveBack(mark: number): void {
    this.#running.delete(mark);
    this.#reserved.delete(mark);
  }

  /** Does something that starts a process, which has the mark from its first instant: it may fork before one could mark it. */
  marked<Result>(mark: number, start: () => Result): Result {
    writeFileSync(OWN_MARK, String(mark));
    try {
      return start();
    } finally {
      writeFileSync(OWN_MARK, this.#own);
    }
  }

  /** Whether no program runs. */
  get haveAllEnded(): boolean {
    return this.#running.size === 0;
  }
}

/** A program whose leftovers are looked for. `isLast`: no other runs here, so that every process is one. */
export interface EndedProgram {
  readonly group: number;
  readonly mark: number;
  readonly isLast: () => boolean;
}

/** Kills what a program has left behind, until nothing is; for a tenth of a second at most. */
export async function killLeftovers(program: EndedProgram): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const left = leftoversOf(program);
    if (left.length === 0) return;
    for (const pid of left) kill(pid);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Processes that a program started and that are not dead. */
function leftoversOf({ group, mark, isLast }: EndedProgram): number[] {
  const all = isLast();
  return livingProcesses()
    .filter(
      (process) =>
        all || process.group === group || process.session === group || markOf(process.pid) === mark,
    )
    .map(({ pid }) => pid);
}

interface LivingProcess {
  readonly pid: number;
  readonly group: number;
  readonly session: number;
}

function livingProcesses(): LivingProcess[] {
  const found: LivingProcess[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    // The first process is the container's own, or this.
    if (!(pid > 1) || pid === process.pid) continue;
    const text = readProc(`${name}/stat`);
    // Behind the name, which is in brackets and may hold anything: state, parent, group, session.
    const [state, , group, session] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (state !== undefined && state !== '' && state !== 'Z' && state !== 'X')
      found.push({ pid, group: Number(group), session: Number(session) });
  }
  return found;
}

function markOf(pid: number): number {
  return Number(readProc(`${pid}/oom_score_adj`));
}

function readProc(name: string): string {
  try {
    return readFileSync(`/proc/${name}`, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went by itself, or is not ours to kill.
  }
}
