import { describe, expect, it } from 'vitest';
import { replaceBlock } from './readme.ts';

describe('the block of a page', () => {
  it('is replaced, and nothing else', () => {
    const page = 'before\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nafter\n';
    expect(replaceBlock(page, '\nnew\n')).toBe(
      'before\n<!-- bench:begin -->\nnew\n<!-- bench:end -->\nafter\n',
    );
  });

  it('is found by its name', () => {
    const page = '<!-- bench:begin -->\na\n<!-- bench:end -->\n<!-- two:begin -->\nb\n<!-- two:end -->\n';
    expect(replaceBlock(page, 'c', 'two')).toBe(page.replace('\nb\n', '\nc\n'));
  });

  it.each(['no marks', '<!-- bench:end --> <!-- bench:begin -->', '<!-- bench:begin -->'])(
    'is asked for: %s',
    (page) => {
      expect(() => replaceBlock(page, 'new')).toThrow(/no <!-- bench:begin -->/);
    },
  );
});
