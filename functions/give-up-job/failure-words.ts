/** A failure as the state machine passes it on. */
export interface RunFailure {
  readonly Error: string;
  readonly Cause: string;
}

const MOST_CHARACTERS = 500;

/** Why a run broke off, for its job's history. What a function threw comes as JSON; an image that cannot be used speaks for itself. */
export function failureWords({ Error: name, Cause: cause }: RunFailure): string {
  const message = messageIn(cause);
  const words =
    name === 'ImageError' || name === 'RegistryBusyError'
      ? message
      : `its run broke off (${name}) ${message}`;
  return words.trim().slice(0, MOST_CHARACTERS);
}

function messageIn(cause: string): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { errorMessage?: unknown };
    return typeof errorMessage === 'string' && errorMessage !== '' ? errorMessage : cause;
  } catch {
    return cause;
  }
}
