import { type ApiError, invalidField } from '../../contract/error.ts';

const SHOWN_CHARACTERS = 40;

/** Text as an error message shows it: quoted, and cut when long. */
export function shown(text: string): string {
  return JSON.stringify(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);
}

/** INVALID_ARGUMENT for a filter that does not parse. `at` counts from 0, the message from 1. */
export function syntaxError(at: number, found: string, expected: string): ApiError {
  return invalidField('filter', `at character ${at + 1}, found ${found}, expected ${expected}`);
}

/** INVALID_ARGUMENT for a filter that parses but says something that its fields do not allow. */
export function meaningError(at: number, problem: string, allowed: string): ApiError {
  return invalidField('filter', `at character ${at + 1}, ${problem}; allowed: ${allowed}`);
}
