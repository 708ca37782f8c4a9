import type { ContainerEnd } from '../container-engine.ts';

/** Codes of `docker run` for containers that could not be run, and that shells use for commands in the same way. */
const CANNOT_RUN = 125;
const CANNOT_EXECUTE = 126;
const NOT_FOUND = 127;
const KILLED = 137;

/** Why a container that ran ended as it did, where its code or the engine says so. */
export function endReason(
  exitCode: number,
  { isOutOfMemory, memoryMib }: { readonly isOutOfMemory: boolean; readonly memoryMib: number | undefined },
): string | undefined {
  if (isOutOfMemory && exitCode !== 0) {
    const limit = memoryMib === undefined ? 'the machine has' : `its limit of ${memoryMib} MiB (memoryMib)`;
    return `it was killed, for it needed more memory than ${limit}`;
  }
  switch (exitCode) {
    case CANNOT_RUN:
      return 'a program in it ended with the code that says that a container could not be run';
    case CANNOT_EXECUTE:
      return 'a command in it was found and cannot be executed';
    case NOT_FOUND:
      return 'a command in it was not found';
    case KILLED:
      return 'it was killed (SIGKILL), and not by this service';
    default:
      return undefined;
  }
}

// The engine passes on what the program that starts containers says, such as
// `… starting container process caused: exec: "foo": executable file not found in $PATH: unknown`.
const CAUSE = /(?:starting container process caused|unable to start container process): ([\s\S]*)$/;

/** The end of a container that the engine did not start, with the code that `docker run` gives for it. */
export function startFailure(message: string): ContainerEnd {
  const cause = CAUSE.exec(message)?.[1]?.replace(/: unknown$/, '') ?? message;
  if (/executable file not found|exec.*no such file or directory|^stat .*no such file/.test(cause)) {
    return { exitCode: NOT_FOUND, problem: `its image has no such program: ${cause}` };
  }
  if (/exec format error/.test(cause)) {
    return { exitCode: CANNOT_EXECUTE, problem: `its program is for another processor: ${cause}` };
  }
  if (/permission denied|is a directory/.test(cause)) {
    return { exitCode: CANNOT_EXECUTE, problem: `its program cannot be executed: ${cause}` };
  }
  return { exitCode: CANNOT_RUN, problem: cause };
}

/** The end of a container of which there is no more than its request. */
export function requestFailure(problem: string): ContainerEnd {
  return { exitCode: CANNOT_RUN, problem };
}
