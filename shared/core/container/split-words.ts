/**
 * Splits a text into words as a shell does: at blanks, with quotes of both kinds and backslashes. Nothing else of a
 * shell's syntax has a meaning here. Throws an Error for a quote that is not closed.
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "'" || character === '"') {
      const { content, end } = quoted(text, at);
      word = (word ?? '') + content;
      at = end;
    } else if (character === '\\' && at + 1 < text.length) {
      at += 1;
      word = (word ?? '') + text.charAt(at);
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** What a quote that begins at `start` holds, and where it ends. */
function quoted(text: string, start: number): { content: string; end: number } {
  const quote = text.charAt(start);
  let content = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === quote) return { content, end: at };
    const next = text.charAt(at + 1);
    const isEscape = quote === '"' && character === '\\' && (next === '"' || next === '\\');
    content += isEscape ? next : character;
    if (isEscape) at += 1;
  }
  throw new Error(`has a ${quote} that is not closed`);
}
