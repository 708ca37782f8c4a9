import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonErrorPosition } from './json-error-position.ts';

describe('jsonErrorPosition', () => {
  it.each([
    ['abc', 0],
    ['{"a":1,}', 7],
    ['{"a" 1}', 5],
    ['{a:1}', 1],
    ['[1 2]', 3],
    ['[1,]', 3],
    ['{"a":[1,{"b":tru}]}', 13],
    ['{"a":"line\nbreak"}', 10],
    ['{"a":"\\x"}', 6],
    ['{"a":"no end', 12],
    ['{"a":{}', 7],
    ['{} {}', 3],
    ['[1]]', 3],
    ['01', 1],
    ['{"a": "b" // why\n}', 10],
    ['', 0],
  ])('%j at %i', (text, position) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(jsonErrorPosition(text)).toBe(position);
  });

  it('finds the end of any JSON that something follows', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('', ' ', '\n'), (json, space) => {
        expect(jsonErrorPosition(`${json}${space} ]`)).toBe(json.length + space.length + 1);
        expect(jsonErrorPosition(JSON.stringify(JSON.parse(json), null, 2).concat('x'))).toBe(
          JSON.stringify(JSON.parse(json), null, 2).length,
        );
      }),
    );
  });

  it('agrees with JSON.parse wherever that tells the position', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom('', '}', ',', '"', 'x', '\n'), (json, nat, put) => {
        const at = nat % (json.length + 1);
        const text = json.slice(0, at) + put + json.slice(at + 1);
        try {
          JSON.parse(text);
        } catch (error) {
          const told = /^(?:Expected|Bad control).* at position (\d+)/.exec((error as Error).message)?.[1];
          if (told !== undefined) expect(jsonErrorPosition(text)).toBe(Number(told));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('takes a megabyte in stride', () => {
    expect(jsonErrorPosition(`["${'a'.repeat(1_000_000)}"}`)).toBe(1_000_003);
    expect(jsonErrorPosition('['.repeat(1_000_000))).toBe(1_000_000);
  });
});
