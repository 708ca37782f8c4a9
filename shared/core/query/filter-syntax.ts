import { invalidField } from '../../contract/error.ts';
import { shown, syntaxError } from './filter-error.ts';
import { type Comparator, type Token, tokenize } from './filter-tokens.ts';

/** `labels."user-id" = "me"`; positions count from 0. */
export interface Comparison {
  readonly kind: 'comparison';
  readonly path: readonly string[];
  readonly comparator: Comparator;
  readonly value: string;
  readonly at: number;
  readonly valueAt: number;
}

/** A text that stands alone, to be searched for. */
export interface SearchWord {
  readonly kind: 'word';
  readonly text: string;
  readonly quoted: boolean;
  readonly at: number;
}

/** A parsed filter. An `and` of no parts, the empty filter, matches everything; other `and`s and `or`s have two or more. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | Comparison
  | SearchWord;

export const MAX_FILTER_LENGTH = 10_000;
export const MAX_FILTER_DEPTH = 50;

/**
 * Parses the filter language of Google's list methods (AIP-160) without its functions.
 *
 *     expression  = factor { [AND] factor }          OR binds tighter: a AND b OR c is a AND (b OR c)
 *     factor      = term { OR term }
 *     term        = [NOT | -] ( "(" expression ")" | restriction )
 *     restriction = text { . text } [ comparator argument ]
 *     argument    = text | "(" alternatives ")"      state = (RUNNING OR QUEUED)
 *
 * Throws INVALID_ARGUMENT that says where, what was found and what is expected.
 */
export function parseFilter(text: string): Filter {
  if (text.length > MAX_FILTER_LENGTH) {
    throw invalidField('filter', `has ${text.length} characters; at most ${MAX_FILTER_LENGTH} are allowed`);
  }
  return new FilterParser(tokenize(text)).filter();
}

/** The field and comparator whose argument is being read. */
type Subject = Pick<Comparison, 'path' | 'comparator' | 'at'>;

class FilterParser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  #subject: Subject | undefined;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  filter(): Filter {
    if (this.#peek().kind === 'end') return { kind: 'and', parts: [] };
    const filter = this.#expression();
    if (this.#peek().kind !== 'end') throw this.#unexpected('AND, OR or the end of the filter');
    return filter;
  }

  #expression(): Filter {
    const parts: [Filter, ...Filter[]] = [this.#factor()];
    while (this.#peek().kind !== 'end' && this.#peek().kind !== 'close') {
      if (!this.#takeKeyword('AND')) this.#requireJuxtaposition();
      parts.push(this.#factor());
    }
    return joined('and', parts);
  }

  /** Two factors side by side mean AND. Among the values of one field that is nearly always a mistake for OR, so it is refused. */
  #requireJuxtaposition(): void {
    const { kind, at } = this.#peek();
    const previous = this.#tokens[this.#next - 1];
    const touches = previous?.end === at && previous.kind !== 'close' && kind !== 'open';
    if (this.#subject !== undefined) throw this.#unexpected('OR, AND or )');
    if (touches || kind === 'dot' || kind === 'comparator') {
      throw this.#unexpected(touches ? 'a space, AND, OR or )' : 'AND, OR, a field or a value');
    }
  }

  #factor(): Filter {
    const parts: [Filter, ...Filter[]] = [this.#term()];
    while (this.#takeKeyword('OR')) parts.push(this.#term());
    return joined('or', parts);
  }

  #term(): Filter {
    const isNegated = this.#peek().kind === 'minus' || this.#isKeyword('NOT');
    if (!isNegated) return this.#simple();
    this.#next += 1;
    return { kind: 'not', part: this.#simple() };
  }

  #simple(): Filter {
    if (this.#peek().kind === 'open') return this.#group();
    return this.#subject === undefined ? this.#restriction() : this.#value(this.#subject);
  }

  #group(): Filter {
    if (this.#depth === MAX_FILTER_DEPTH) {
      throw this.#unexpected(`at most ${MAX_FILTER_DEPTH} parentheses inside each other`);
    }
    this.#depth += 1;
    this.#next += 1;
    const filter = this.#expression();
    if (this.#peek().kind !== 'close') throw this.#unexpected('AND, OR or )');
    this.#next += 1;
    this.#depth -= 1;
    return filter;
  }

  #restriction(): Filter {
    const start = this.#next;
    const first = this.#peek();
    const path = [this.#text('a field or a value')];
    while (this.#peek().kind === 'dot') {
      this.#next += 1;
      path.push(this.#text('the name after the dot', true));
    }
    const next = this.#peek();
    if (next.kind === 'comparator') return this.#argument({ path, comparator: next.text, at: first.at });
    const isBare = !this.#tokens.slice(start, this.#next).some(({ kind }) => kind === 'quoted');
    if (isBare && next.kind === 'open' && next.at === this.#tokens[this.#next - 1]?.end) {
      throw this.#unexpected('no parenthesis after a name, as functions are not supported');
    }
    if (isBare && path.length === 1 && /^(and|or|not)$/i.test(first.text)) {
      throw syntaxError(first.at, shown(first.text), `${first.text.toUpperCase()} in capitals`);
    }
    return { kind: 'word', text: path.join('.'), quoted: !isBare, at: first.at };
  }

  #argument(subject: Subject): Filter {
    this.#next += 1;
    if (this.#peek().kind !== 'open') return this.#value(subject);
    this.#subject = subject;
    const filter = this.#group();
    this.#subject = undefined;
    return filter;
  }

  #value(subject: Subject): Comparison {
    const valueAt = this.#peek().at;
    return { kind: 'comparison', ...subject, value: this.#text('a value'), valueAt };
  }

  /** Takes a word or a quoted text; `allowKeyword` says whether AND, OR and NOT are plain words here. */
  #text(expected: string, allowKeyword = false): string {
    const { kind, text } = this.#peek();
    const isText = kind === 'quoted' || (kind === 'word' && (allowKeyword || !isKeyword(text)));
    if (!isText) throw this.#unexpected(expected);
    this.#next += 1;
    return text;
  }

  #takeKeyword(keyword: 'AND' | 'OR'): boolean {
    const isNext = this.#isKeyword(keyword);
    if (isNext) this.#next += 1;
    return isNext;
  }

  #isKeyword(keyword: 'AND' | 'OR' | 'NOT'): boolean {
    return this.#peek().kind === 'word' && this.#peek().text === keyword;
  }

  #unexpected(expected: string): Error {
    const { kind, text, at } = this.#peek();
    return syntaxError(at, kind === 'end' ? 'the end of the filter' : shown(text), expected);
  }

  /** The next token; the last one, the end, is never taken. */
  #peek(): Token {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new RangeError('read past the end of a filter');
    return token;
  }
}

/** Whether a word is AND, OR or NOT; only capitals count. */
export function isKeyword(word: string): boolean {
  return word === 'AND' || word === 'OR' || word === 'NOT';
}

function joined(kind: 'and' | 'or', parts: readonly [Filter, ...Filter[]]): Filter {
  return parts.length === 1 ? parts[0] : { kind, parts };
}
