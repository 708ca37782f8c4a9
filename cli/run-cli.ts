import { CommanderError } from 'commander';
import type { Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { reportFailure } from './failure-report.ts';
import { type Host, processHost } from './host.ts';
import type { LocalParts } from './local-parts.ts';
import { writeLines } from './output/format.ts';
import { createProgram } from './program.ts';

/** Runs one command line (without `node` and the script) and gives its exit code; what goes wrong is said on standard error. */
export async function runCli(args: readonly string[], host: Host, local: LocalParts): Promise<number> {
  const context: Context = { host, local, exitCode: exitCodes.succeeded };
  try {
    await createProgram(context).parseAsync(args, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    // It has already printed its message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.succeeded : exitCodes.usage;
    const { lines, exitCode } = reportFailure(error);
    writeLines(host.err, lines);
    return exitCode;
  }
}

/** The same in the real process. */
export function runInProcess(args: readonly string[], local: LocalParts): Promise<number> {
  return runCli(args, processHost(), local);
}
