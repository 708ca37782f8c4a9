import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter, MAX_LINE, SecretMask } from './line-splitter.ts';

function split(chunks: Buffer[], mask?: SecretMask): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line), mask);
  for (const chunk of chunks) splitter.push(chunk);
  splitter.flush();
  return lines;
}

/** Cuts bytes at any places. */
function cutAt(bytes: Buffer, places: number[]): Buffer[] {
  const ends = [...new Set([...places.map((place) => place % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  return ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
}

describe('lines', () => {
  it.each([
    ['a\nb\n', ['a', 'b']],
    ['a\n\nb', ['a', '', 'b']],
    ['a\r\nb', ['a', 'b']],
    ['', []],
    ['\n', ['']],
  ])('of %j', (text, lines) => {
    expect(split([Buffer.from(text)])).toEqual(lines);
  });

  it('do not depend on how the bytes come', () => {
    const unit = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('\n'), fc.constant('sesame'));
    fc.assert(
      fc.property(fc.array(unit), fc.array(fc.nat()), (units, places) => {
        const text = units.join('');
        const mask = new SecretMask(['sesame']);
        const whole = split([Buffer.from(text)], mask);
        expect(split(cutAt(Buffer.from(text), places), mask)).toEqual(whole);
        expect(whole.join('\n')).not.toContain('sesame');
      }),
    );
  });

  it('that are too long come in pieces, whole characters each', () => {
    const text = `${'ž'.repeat(MAX_LINE)}🐎${'x'.repeat(MAX_LINE)}`;
    for (const chunks of [[Buffer.from(text)], cutAt(Buffer.from(text), [1, 1001, 65_537, 131_075])]) {
      const pieces = split(chunks);
      expect(pieces.join('')).toBe(text);
      expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(MAX_LINE);
    }
  });

  it('hide a secret even where a piece ends', () => {
    const secret = 'open-sesame-0123456789';
    for (let before = MAX_LINE - 30; before < MAX_LINE + 5; before += 1) {
      const bytes = Buffer.from(`${'x'.repeat(before)}${secret}${'y'.repeat(200)}`);
      const pieces = split(cutAt(bytes, [before + 3, before + 9, before + 60]), new SecretMask([secret]));
      expect(pieces.join('')).toBe(`${'x'.repeat(before)}***${'y'.repeat(200)}`);
    }
  });

  it('hide each line of a secret of several, longer ones first, and nothing short', () => {
    const mask = new SecretMask(['first\nsecond', 'first and more', 'abc']);
    expect(split([Buffer.from('first and more\nfirst\nsecond abc\n')], mask)).toEqual([
      '***',
      '***',
      '*** abc',
    ]);
  });
});
