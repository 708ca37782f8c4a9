const SPACE = /[ \t\n\r]*/y;
const NUMBER_OR_WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * The offset at which a text stops being JSON, for texts that JSON.parse refuses: its own messages tell it for some
 * mistakes only. The text's length when it ends too early.
 */
export function jsonErrorPosition(text: string): number {
  let at = 0;
  const open: ('}' | ']')[] = [];

  function skip(pattern: RegExp): boolean {
    pattern.lastIndex = at;
    const isThere = pattern.test(text);
    if (isThere) at = pattern.lastIndex;
    return isThere;
  }

  function take(character: string): boolean {
    skip(SPACE);
    if (text[at] !== character) return false;
    at += 1;
    return true;
  }

  /** Stops at the character that a string must not hold. */
  function takeString(): boolean {
    if (!take('"')) return false;
    while (at < text.length && text[at] !== '"') {
      if (text[at] === '\\') {
        if (!skip(ESCAPE)) return false;
      } else if (text.charCodeAt(at) < 0x20) {
        return false;
      } else {
        at += 1;
      }
    }
    return take('"');
  }

  /** A scalar, or the beginning of an object or array up to its first value. */
  function takeValue(): 'ended' | 'opened' | 'refused' {
    for (const [opening, closing] of [
      ['{', '}'],
      ['[', ']'],
    ] as const) {
      if (!take(opening)) continue;
      if (take(closing)) return 'ended';
      open.push(closing);
      return closing === ']' || (takeString() && take(':')) ? 'opened' : 'refused';
    }
    return (text[at] === '"' ? takeString() : skip(NUMBER_OR_WORD)) ? 'ended' : 'refused';
  }

  for (;;) {
    const value = takeValue();
    if (value === 'refused') return at;
    if (value === 'opened') continue;
    let inner = open.at(-1);
    while (inner !== undefined && take(inner)) {
      open.pop();
      inner = open.at(-1);
    }
    skip(SPACE);
    if (inner === undefined || !take(',')) return at;
    if (inner === '}' && !(takeString() && take(':'))) return at;
  }
}
