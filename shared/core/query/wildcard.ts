/** How a text is compared with a pattern in which each `*` stands for any characters, or none. */
export interface WildcardOptions {
  readonly ignoreCase?: boolean;
  /** The pattern may match a part of the text. */
  readonly anywhere?: boolean;
}

/** A test for a pattern with `*`. It takes time in proportion to the text: each piece of the pattern is searched once. */
export function wildcardTest(pattern: string, options: WildcardOptions = {}): (text: string) => boolean {
  const { ignoreCase = false, anywhere = false } = options;
  const folded = ignoreCase ? pattern.toLowerCase() : pattern;
  const pieces = (anywhere ? `*${folded}*` : folded).split('*');
  const test = pieces.length === 1 ? (text: string) => text === folded : piecesTest(pieces);
  return ignoreCase ? (text) => test(text.toLowerCase()) : test;
}

function piecesTest(pieces: readonly string[]): (text: string) => boolean {
  const head = pieces[0] ?? '';
  const tail = pieces.at(-1) ?? '';
  const middle = pieces.slice(1, -1).filter((piece) => piece !== '');
  return (text) => {
    const end = text.length - tail.length;
    if (end < head.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
    let at = head.length;
    for (const piece of middle) {
      const found = text.indexOf(piece, at);
      if (found === -1) return false;
      at = found + piece.length;
    }
    return at <= end;
  };
}
