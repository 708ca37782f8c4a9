import type { TaskFailure } from '../api/answers.ts';
import type { Paint } from '../terminal/terminal.ts';
import { clip, printable } from '../terminal/text-width.ts';

/** The event of a program that failed by itself says nothing that the exit code does not. */
const SAYS_NO_MORE = /^Task state is updated from \S+ to FAILED on \S+ with exit code \d+\.?$/;

/** What is known of a failed task in one line: `group0/3 failed with exit code 2 after 3 attempts: …`. */
export function failureLine(failure: TaskFailure): string {
  const code = failure.exitCode === undefined ? '' : ` with exit code ${failure.exitCode}`;
  const attempts = (failure.attempts ?? 1) > 1 ? ` after ${failure.attempts} attempts` : '';
  const description = failure.description ?? '';
  const why = description === '' || SAYS_NO_MORE.test(description) ? '' : `: ${printable(description)}`;
  return `${failure.task} failed${code}${attempts}${why}`;
}

/** A failure and the last lines that the task wrote. */
export function failureBlock(
  failure: TaskFailure,
  width: number,
  paint: Paint,
  outputLines: number,
): string[] {
  const output = outputLines > 0 ? (failure.lastLines ?? []).slice(-outputLines) : [];
  return [
    paint('red', clip(failureLine(failure), width)),
    ...output.map((line) => paint('gray', clip(`  | ${printable(line)}`, width))),
  ];
}
