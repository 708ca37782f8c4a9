import { describe, expect, it } from 'vitest';
import { ApiError } from '../error.ts';
import { list, mapOf } from './collection.ts';
import { enumOf } from './enum.ts';
import { int32, int64, uint64 } from './integer.ts';
import type { Kind } from './kind.ts';
import { message } from './message.ts';
import { readMessage } from './read.ts';
import { bool, double, duration, json, text, timestamp } from './scalar.ts';

const state = enumOf('State', { UNSPECIFIED: 0, ON: 1, OFF: 2 });
const inner = message('Inner', { maxSize: int64(), onState: state });
const outer = message(
  'Outer',
  { firstInner: inner, items: list(inner), names: mapOf(int64()), left: text(), right: text() },
  { side: ['left', 'right'] },
);

describe('accepted forms', () => {
  const accepted: [string, Kind<unknown>, unknown, unknown][] = [
    ['int64 string', int64(), '12', '12'],
    ['int64 number', int64(), 12, '12'],
    ['int64 with leading zeros', int64(), '-007', '-7'],
    ['int64 minus zero', int64(), '-0', '0'],
    ['int64 integral float', int64(), 5.0, '5'],
    ['int64 lowest', int64(), '-9223372036854775808', '-9223372036854775808'],
    ['int64 highest', int64(), '9223372036854775807', '9223372036854775807'],
    ['uint64 highest', uint64(), '18446744073709551615', '18446744073709551615'],
    ['int32 number', int32(), -3, -3],
    ['int32 string', int32(), '5', 5],
    ['double', double(), '1.5', 1.5],
    ['bool', bool(), true, true],
    ['text', text(), '', ''],
    ['duration', duration(), '3.5s', '3.500s'],
    ['timestamp', timestamp(), '2026-01-01T01:00:00+01:00', '2026-01-01T00:00:00.000000000Z'],
    ['json', json(), { '@type': 'x' }, { '@type': 'x' }],
    ['enum name', state, 'ON', 'ON'],
    ['enum number', state, 2, 'OFF'],
    ['enum zero', state, 0, 'UNSPECIFIED'],
    ['snake_case', outer, { first_inner: { max_size: 1 } }, { firstInner: { maxSize: '1' } }],
    ['null is absent', outer, { firstInner: null, left: 'x' }, { left: 'x' }],
    ['map', outer, { names: { max_size: 1 } }, { names: { max_size: '1' } }],
    ['list', outer, { items: [{ on_state: 1 }, {}] }, { items: [{ onState: 'ON' }, {}] }],
    [
      'null under one name, a value under the other',
      inner,
      { maxSize: null, max_size: '1' },
      { maxSize: '1' },
    ],
  ];
  it.each(accepted)('%s', (_, kind, given, canonical) => {
    expect(readMessage(kind, given)).toEqual(canonical);
  });

  it('keep a map key called __proto__ as data', () => {
    const read = readMessage(outer, JSON.parse('{"names": {"__proto__": 5}}'));
    expect(Object.entries(read.names ?? {})).toEqual([['__proto__', '5']]);
    expect(({} as Record<string, unknown>)['5']).toBeUndefined();
  });

  it('are not copied when they are canonical', () => {
    const value = { firstInner: { maxSize: '1', onState: 'ON' }, items: [{}], names: { a: '1' } };
    expect(readMessage(outer, value)).toBe(value);
  });

  it('are not changed in place', () => {
    const value = { firstInner: { maxSize: 1 }, items: [{ onState: 1 }], names: { a: 1 } };
    const copy = structuredClone(value);
    readMessage(outer, value);
    expect(value).toEqual(copy);
  });
});

describe('refused forms', () => {
  const refused: [string, Kind<unknown>, unknown, string][] = [
    [
      'int64 in e-notation',
      int64(),
      '1e3',
      'must be an integer (int64) as a decimal string or a number; given "1e3"',
    ],
    ['int64 fraction', int64(), 1.5, 'given 1.5'],
    [
      'int64 too large',
      int64(),
      '9223372036854775808',
      'must be from -9223372036854775808 to 9223372036854775807',
    ],
    ['int64 imprecise', int64(), 2 ** 60, 'must be written as a string when it is beyond 2^53'],
    ['int64 blank', int64(), ' 1', 'given " 1"'],
    ['uint64 negative', uint64(), '-1', 'must be from 0 to 18446744073709551615; given "-1"'],
    [
      'int32 too large',
      int32(),
      2 ** 31,
      'must be an integer from -2147483648 to 2147483647; given 2147483648',
    ],
    ['int32 fraction', int32(), '1.5', 'given "1.5"'],
    ['double', double(), 'NaN', 'must be a finite number; given "NaN"'],
    ['bool text', bool(), 'true', 'must be true or false; given "true"'],
    ['text number', text(), 5, 'must be a string; given 5'],
    ['duration without unit', duration(), '5', 'must be a duration in seconds that ends in "s"'],
    ['duration object', duration(), { seconds: 5 }, 'given {"seconds":5}'],
    ['timestamp', timestamp(), 'yesterday', 'must be an RFC 3339 timestamp'],
    ['json list', json(), [], 'must be a JSON object; given []'],
    ['enum misspelt', state, 'On', 'must be one of ON, OFF; given "On"'],
    ['enum number', state, 9, 'must be one of ON, OFF; given 9'],
    ['list', list(text()), 'a', 'must be an array; given "a"'],
    ['null item', list(text()), [null], '[0]: must be a string; given null'],
    ['null entry', mapOf(text()), { a: null }, '["a"]: must be a string; given null'],
    ['map', mapOf(text()), [], 'must be an object; given []'],
    ['message', outer, [], 'must be an object (Outer); given []'],
    ['unknown field', inner, { maxsise: 1 }, 'maxsise: is not a field of Inner (did you mean "maxSize"?).'],
    ['unknown field far off', inner, { zebra: 1 }, 'zebra: is not a field of Inner.'],
    ['constructor', inner, { constructor: 1 }, 'constructor: is not a field of Inner'],
    ['__proto__', inner, JSON.parse('{"__proto__": {}}'), '__proto__: is not a field of Inner'],
    [
      'both names',
      inner,
      { maxSize: 1, max_size: 1 },
      'maxSize: must be given once; given as both maxSize and max_size',
    ],
    [
      'two of a oneof',
      outer,
      { left: 'a', right: 'b' },
      'must have only one of left, right; given left and right',
    ],
    [
      'deep path',
      outer,
      { items: [{}, { onState: 'X' }] },
      'items[1].onState: must be one of ON, OFF; given "X"',
    ],
    ['map path', outer, { names: { 'a b': 'x' } }, 'names["a b"]: must be an integer'],
    ['long value', int64(), 'x'.repeat(100), `given "${'x'.repeat(59)}…`],
  ];
  it.each(refused)('%s', (_, kind, given, text) => {
    expect(() => readMessage(kind, given)).toThrow(ApiError);
    expect(() => readMessage(kind, given)).toThrow(text);
  });

  it('are all reported at once, under the root path', () => {
    try {
      readMessage(outer, { items: [{ maxSize: 'x' }, { maxSize: true }], left: 1 }, 'body');
      expect.unreachable();
    } catch (error) {
      expect((error as ApiError).violations.map(({ field }) => field)).toEqual([
        'body.items[0].maxSize',
        'body.items[1].maxSize',
        'body.left',
      ]);
    }
  });
});
