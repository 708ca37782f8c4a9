import type { SeatRecord } from '../seat/seat-record.ts';
import type { TaskRecord } from '../task/task-record.ts';
import { groupIdOfKey, jobUidOf, kindOf, type RecordChange } from './record-change.ts';
import { startsShownBySeat } from './seat-task-steps.ts';

/**
 * What one change cannot know of those around it. The start of an attempt is told by its seat, where a seat has shown it,
 * and else by the task's record; both are written in one commit, the seat first. Nothing depends on the memory but
 * repetition: without it (a restart within a commit) a start is told again, with the same id and the same words.
 */
export class FeedMemory {
  /** Starts that seats have shown up to here; of this batch, and of the one before: a commit may lie across two. */
  #shown = new Set<string>();
  #shownBefore: ReadonlySet<string> = new Set();
  /** Changes of tasks whose start had been told by then. */
  readonly #told = new Set<RecordChange>();
  /** Tasks that this batch has a record of. */
  readonly #records = new Set<string>();

  /** A batch of changes begins, or begins again. */
  begin(): void {
    this.#shown.clear();
    this.#told.clear();
    this.#records.clear();
  }

  /** All of the batch is told, and will not come again. */
  end(): void {
    this.#shownBefore = this.#shown;
    this.#shown = new Set();
  }

  /** Takes in a change of a seat or a task, in the order of the feed. */
  note(change: RecordChange): void {
    const of = `${jobUidOf(change)}/${groupIdOfKey(change)}`;
    if (kindOf(change) === 'seat') {
      const shown = startsShownBySeat(
        change.before as SeatRecord | undefined,
        change.after as SeatRecord | undefined,
      );
      for (const { index, attempt } of shown) this.#shown.add(`${of}/${index}.${attempt}`);
      return;
    }
    const index = Number(change.sk);
    this.#records.add(`${of}/${index}`);
    const attempt = (change.after as TaskRecord | undefined)?.attempts.at(-1)?.attempt ?? 0;
    const key = `${of}/${index}.${attempt}`;
    if (this.#shown.has(key) || this.#shownBefore.has(key)) this.#told.add(change);
  }

  /** Whether the start of the last attempt in a change of a task's record has been told before it. */
  isStartTold(change: RecordChange): boolean {
    return this.#told.has(change);
  }

  /** Whether this batch has a record of the task. */
  hasRecord(jobUid: string, groupId: string, index: number): boolean {
    return this.#records.has(`${jobUid}/${groupId}/${index}`);
  }
}
