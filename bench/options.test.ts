import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';

describe('options', () => {
  it('are three sizes, three times, everyone, when nothing is said', () => {
    expect(readOptions([])).toEqual({
      sizes: [1000, 10_000, 100_000],
      only: undefined,
      repeat: 3,
      patienceSeconds: 180,
      jsonFile: undefined,
      writeReadme: false,
      spawn: false,
    });
  });

  it('are read', () => {
    const options = readOptions(['--sizes', '10,20', '--only', 'sluice,xargs', '--json', 'out.json']);
    expect(options).toMatchObject({ sizes: [10, 20], only: ['sluice', 'xargs'], jsonFile: 'out.json' });
  });

  it.each([['--sizes', '1000,x'], ['--repeat', '0'], ['--patience', '1.5'], ['--fast'], ['--only', 'make']])(
    'refuse %s %s',
    (...args) => {
      expect(() => readOptions(args.filter(Boolean))).toThrow();
    },
  );
});
