import { describe, expect, it } from 'vitest';
import { clip, pad, printable, textWidth } from './text-width.ts';

describe('textWidth', () => {
  it.each([
    { text: 'plain', width: 5 },
    { text: 'héllo', width: 5 },
    { text: 'e\u0301', width: 1 },
    { text: '日本', width: 4 },
    { text: '한글', width: 4 },
    { text: '🚀x', width: 3 },
    { text: '', width: 0 },
  ])('$text takes $width columns', ({ text, width }) => {
    expect(textWidth(text)).toBe(width);
  });
});

describe('clip', () => {
  it.each([
    { text: 'short', width: 10, clipped: 'short' },
    { text: 'exactly', width: 7, clipped: 'exactly' },
    { text: 'a longer text', width: 8, clipped: 'a longe…' },
    { text: '日本語', width: 5, clipped: '日本…' },
    { text: '日本語', width: 4, clipped: '日…' },
    { text: 'abc', width: 1, clipped: '…' },
    { text: 'abc', width: 0, clipped: '' },
  ])('cuts $text to $width columns', ({ text, width, clipped }) => {
    expect(clip(text, width)).toBe(clipped);
  });
});

it('pads by columns, not by characters', () => {
  expect(pad('日', 4)).toBe('日  ');
});

it('takes escape sequences and control characters out of what programs write', () => {
  expect(printable('\x1b[31mred\x1b[0m\ta\x07\rb\x1b[2J')).toBe('red  ab');
});
