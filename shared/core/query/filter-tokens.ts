import { shown, syntaxError } from './filter-error.ts';

/** How a filter relates a field to a value; `:` is "has". */
export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>=' | ':';

/** All comparators, the longer ones before their own beginnings. */
export const comparators: readonly Comparator[] = ['!=', '<=', '>=', '=', '<', '>', ':'];

/** A piece of a filter. `at` is where it starts, `end` where the next one may; both count from 0. */
export type Token = { readonly at: number; readonly end: number } & (
  | { readonly kind: 'word' | 'quoted'; readonly text: string }
  | { readonly kind: 'comparator'; readonly text: Comparator }
  | { readonly kind: 'open' | 'close' | 'dot' | 'minus' | 'end'; readonly text: string }
);

/** A word stands for a field, a keyword or a text to search for: it ends where another token can begin. */
const WORD = /[^\s().,:=<>!~"']+/y;
/** The word after a comparator is a value, so `createTime>=2026-01-01T00:00:00.5Z` needs no quotes. */
const VALUE = /[^\s(),:=<>!~"'][^\s(),"']*/y;
const SPACE = /\s*/y;
const punctuation = { '(': 'open', ')': 'close', '.': 'dot' } as const;
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Splits a filter into tokens, the last of which is its end. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  // Parentheses that are open since a comparator: what is in them are values.
  let valueDepth = 0;
  for (;;) {
    at += matchAt(SPACE, text, at).length;
    if (at >= text.length) break;
    const previous = tokens.at(-1)?.kind;
    const isValue = valueDepth > 0 || previous === 'comparator';
    const isMinus = text.charAt(at) === '-' && !isValue && previous !== 'dot';
    const token: Token = isMinus
      ? { kind: 'minus', text: '-', at, end: at + 1 }
      : readToken(text, at, isValue);
    if (token.kind === 'open' && isValue) valueDepth += 1;
    if (token.kind === 'close' && valueDepth > 0) valueDepth -= 1;
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '', at, end: at });
  return tokens;
}

function readToken(text: string, at: number, isValue: boolean): Token {
  const first = text.charAt(at);
  if (first === '(' || first === ')' || (first === '.' && !isValue)) {
    return { kind: punctuation[first], text: first, at, end: at + 1 };
  }
  if (first === '"' || first === "'") return readQuoted(text, at);
  const comparator = isValue ? undefined : comparators.find((candidate) => text.startsWith(candidate, at));
  if (comparator !== undefined) {
    return { kind: 'comparator', text: comparator, at, end: at + comparator.length };
  }
  const word = matchAt(isValue ? VALUE : WORD, text, at);
  if (word === '') throw strayCharacter(text, at, isValue);
  return { kind: 'word', text: word, at, end: at + word.length };
}

function readQuoted(text: string, at: number): Token {
  const quote = text.charAt(at);
  let content = '';
  for (let i = at + 1; i < text.length; i += 1) {
    const character = text.charAt(i);
    if (character === quote) return { kind: 'quoted', text: content, at, end: i + 1 };
    if (character === '\\' && i + 1 < text.length) {
      i += 1;
      const escaped = text.charAt(i);
      content += escapes[escaped] ?? escaped;
    } else {
      content += character;
    }
  }
  throw syntaxError(at, `a text that begins with ${quote}`, `a ${quote} at its end`);
}

function strayCharacter(text: string, at: number, isValue: boolean): Error {
  const stray = text.charAt(at);
  if (stray === '~' || text.startsWith('!~', at)) {
    return syntaxError(
      at,
      shown('~'),
      '= or : with * in the value, as regular expressions are not supported',
    );
  }
  if (isValue) return syntaxError(at, shown(stray), 'a value, in quotes if it holds such characters');
  return syntaxError(at, shown(stray), 'a field, a value in quotes, AND, OR, NOT or a parenthesis');
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}
