import { invalidField } from '../../shared/contract/error.ts';
import { jsonErrorPosition } from './json-error-position.ts';

/**
 * Parses a request's body; absent and empty are undefined. INVALID_ARGUMENT for one that is too large, and for what is no
 * JSON with the place where it stops being so.
 */
export function parseBody(text: string | undefined, maxBytes: number): unknown {
  if (text === undefined || text.trim() === '') return undefined;
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes)
    throw invalidField('', `the body must be at most ${maxBytes} bytes; given ${bytes} bytes`);
  try {
    return JSON.parse(text);
  } catch {
    throw invalidField('', `the body is no JSON: ${describe(text, jsonErrorPosition(text))}`);
  }
}

function describe(text: string, position: number): string {
  const before = text.slice(0, position);
  const line = before.split('\n').length;
  const column = position - before.lastIndexOf('\n');
  const found =
    position >= text.length ? 'it ends too early' : `unexpected ${JSON.stringify(text[position])}`;
  return `${found} at line ${line}, column ${column} (character ${position + 1})`;
}
