import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../contract/error.ts';
import { type Filter, isKeyword, MAX_FILTER_DEPTH, MAX_FILTER_LENGTH, parseFilter } from './filter-syntax.ts';
import { filterText } from './filter-text.ts';
import { comparators } from './filter-tokens.ts';

/** The filter in its canonical text, which shows how it was read. */
function read(text: string): string {
  return filterText(parseFilter(text));
}

describe('parseFilter', () => {
  it.each([
    ['', ''],
    ['   ', ''],
    ['state=RUNNING', 'state = "RUNNING"'],
    ['state\t=\n"RUNNING"', 'state = "RUNNING"'],
    ['a=1 AND b=2 OR c=3', 'a = "1" AND (b = "2" OR c = "3")'],
    ['a=1 OR b=2 AND c=3', '(a = "1" OR b = "2") AND c = "3"'],
    ['(a=1 AND b=2) OR c=3', '(a = "1" AND b = "2") OR c = "3"'],
    ['New York Giants OR Yankees', 'New AND York AND (Giants OR Yankees)'],
    ['a b AND c AND d', 'a AND b AND c AND d'],
    ['(a b) AND c', '(a AND b) AND c'],
    ['(a=1)AND(b=2)', 'a = "1" AND b = "2"'],
    ['(a=1)(b=2)', 'a = "1" AND b = "2"'],
    ['((a=1))', 'a = "1"'],
    ['NOT a=1', 'NOT a = "1"'],
    ['-a=1', 'NOT a = "1"'],
    ['-(a=1 OR b=2)', 'NOT (a = "1" OR b = "2")'],
    ['NOT(a=1)', 'NOT a = "1"'],
    ['NOT (NOT a=1)', 'NOT (NOT a = "1")'],
    ['-30', 'NOT 30'],
    ['priority>-1', 'priority > "-1"'],
    ['-file:".java"', 'NOT file : ".java"'],
    ['labels."user-id" = "me"', 'labels.user-id = "me"'],
    ['labels."a b".\'c\':*', 'labels."a b".c : "*"'],
    ['labels.AND:*', 'labels."AND" : "*"'],
    ['x = "say \\"hi\\" \\\\ \\n"', 'x = "say \\"hi\\" \\\\ \n"'],
    ["msg != 'it\\'s'", 'msg != "it\'s"'],
    ['t>=2026-01-01T00:00:00.5+02:00 b', 't >= "2026-01-01T00:00:00.5+02:00" AND b'],
    ['state=(RUNNING OR QUEUED)', 'state = "RUNNING" OR state = "QUEUED"'],
    ['-state:(RUNNING OR NOT (A AND B))', 'NOT (state : "RUNNING" OR NOT (state : "A" AND state : "B"))'],
    ['name:(a OR NOT -b) x.y', '(name : "a" OR NOT name : "-b") AND x.y'],
    ['a = b.c=d', 'a = "b.c=d"'],
    ['"a.b" c."d e"', '"a.b" AND "c.d e"'],
  ])('%s', (text, canonical) => {
    expect(read(text)).toBe(canonical);
  });

  it.each([
    ['state=', 'at character 7, found the end of the filter, expected a value'],
    ['state= AND x=1', 'at character 8, found "AND", expected a value'],
    ['state==RUNNING', 'at character 7, found "=", expected a value, in quotes if it holds such characters'],
    ['=RUNNING', 'at character 1, found "=", expected a field or a value'],
    ['a=1 = 2', 'at character 5, found "=", expected AND, OR, a field or a value'],
    ['a=1 OR', 'at character 7, found the end of the filter, expected a field or a value'],
    ['a=1 AND OR b=1', 'at character 9, found "OR", expected a field or a value'],
    ['NOT NOT a=1', 'at character 5, found "NOT", expected a field or a value'],
    ['--a=1', 'at character 2, found "-", expected a field or a value'],
    ['(a=1', 'at character 5, found the end of the filter, expected AND, OR or )'],
    ['a=1)', 'at character 4, found ")", expected AND, OR or the end of the filter'],
    ['()', 'at character 2, found ")", expected a field or a value'],
    ['a="x', 'at character 3, found a text that begins with ", expected a " at its end'],
    ['a="x\\', 'at character 3, found a text that begins with ", expected a " at its end'],
    ['a="x"b', 'at character 6, found "b", expected a space, AND, OR or )'],
    ['a..b=1', 'at character 3, found ".", expected the name after the dot'],
    ['a.=1', 'at character 3, found "=", expected the name after the dot'],
    [
      'name=~"x"',
      'at character 6, found "~", expected = or : with * in the value, as regular expressions are',
    ],
    ['name!~x', 'at character 5, found "~", expected = or : with *'],
    ['a=1 and b=2', 'at character 5, found "and", expected AND in capitals'],
    ['state=RUNNING,FAILED', 'at character 14, found ",", expected a field'],
    ['state=(A B)', 'at character 10, found "B", expected OR, AND or )'],
    ['state=(A,B)', 'at character 9, found ",", expected a value'],
    ['state=(A =1)', 'at character 10, found "=", expected a value'],
    [
      'regex(m.key)',
      'at character 6, found "(", expected no parenthesis after a name, as functions are not supported',
    ],
    [`${'x'.repeat(60)}(`, `at character 61, found "(", expected no parenthesis`],
    ['!', 'at character 1, found "!", expected a field'],
  ])('refuses %s', (text, message) => {
    expect(() => parseFilter(text)).toThrow(`Invalid request: filter: ${message}`);
  });

  it('limits length and depth', () => {
    const nested = (depth: number): string => `${'('.repeat(depth)}a=1${')'.repeat(depth)}`;
    expect(read(nested(MAX_FILTER_DEPTH))).toBe('a = "1"');
    expect(() => parseFilter(nested(MAX_FILTER_DEPTH + 1))).toThrow(
      'at character 51, found "(", expected at most 50 parentheses inside each other',
    );
    expect(() => parseFilter('('.repeat(MAX_FILTER_LENGTH))).toThrow('at most 50');
    expect(() => parseFilter(' '.repeat(MAX_FILTER_LENGTH + 1))).toThrow(
      'has 10001 characters; at most 10000',
    );
  });

  it('reads back what filterText writes', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        expect(withoutPositions(parseFilter(filterText(filter)))).toEqual(withoutPositions(filter));
      }),
      { numRuns: 1000 },
    );
  });

  it('throws nothing but INVALID_ARGUMENT, whatever the text', () => {
    const pieces = [
      'a',
      'state',
      '(',
      ')',
      '.',
      '"',
      "'",
      '\\',
      '=',
      '!=',
      ':',
      '<',
      '-',
      '*',
      ',',
      '~',
      ' ',
      'é',
    ];
    const noise = fc.array(fc.constantFrom(...pieces, 'AND', ' OR ', 'NOT ', '1'), { maxLength: 30 });
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      noise.map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (anything) => {
        try {
          const filter = parseFilter(anything);
          expect(withoutPositions(parseFilter(filterText(filter)))).toEqual(withoutPositions(filter));
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          expect(error.status).toBe('INVALID_ARGUMENT');
        }
      }),
      { numRuns: 3000 },
    );
  });
});

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('AND', 'or', '-x', 'a\\"\'b', '\n\t', '*'),
);
const anyWord = fc
  .stringMatching(/^[a-zé_0-9*][\w*-]{0,5}$/)
  .filter((word) => !/^(and|or|not)$/i.test(word) && !isKeyword(word));

const { anyFilter } = fc.letrec<{ anyFilter: Filter; several: Filter[] }>((tie) => ({
  anyFilter: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.record({
      kind: fc.constant('comparison' as const),
      path: fc.array(anyText, { minLength: 1, maxLength: 3 }),
      comparator: fc.constantFrom(...comparators),
      value: anyText,
      at: fc.constant(0),
      valueAt: fc.constant(0),
    }),
    fc.record({
      kind: fc.constant('word' as const),
      text: anyText,
      quoted: fc.constant(true),
      at: fc.constant(0),
    }),
    fc.record({
      kind: fc.constant('word' as const),
      text: anyWord,
      quoted: fc.constant(false),
      at: fc.constant(0),
    }),
    fc.record({ kind: fc.constant('not' as const), part: tie('anyFilter') }),
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), parts: tie('several') }),
  ),
  several: fc.array(tie('anyFilter'), { minLength: 2, maxLength: 3 }),
}));

function withoutPositions(filter: Filter): unknown {
  return JSON.parse(
    JSON.stringify(filter, (key, value) => (key === 'at' || key === 'valueAt' ? undefined : value)),
  );
}
