import { describe, expect, it } from 'vitest';
import { parseSiblingImage, programEnvironment, siblingImageOf } from './sibling-image.ts';

const config = {
  entrypoint: ['/entry'],
  cmd: ['serve'],
  user: 'app',
  workingDir: '/srv',
  env: ['PATH=/bin', 'LD_PRELOAD=/usr/lib/libjemalloc.so.2', 'NODE_OPTIONS=--a=b', 'HOME=/home/app', 'FLAG'],
};

describe('the description of an image for its wrapper', () => {
  const { variable, taken } = siblingImageOf(config);

  it('takes from the wrapper what would change how it starts', () => {
    expect(taken).toEqual(['LD_PRELOAD', 'NODE_OPTIONS']);
  });

  it('gives it back to the program', () => {
    const image = parseSiblingImage(variable);
    const own = {
      PATH: '/bin',
      LD_PRELOAD: '',
      NODE_OPTIONS: '',
      HOME: '/root',
      SLUICE_IMAGE: variable,
      HOSTNAME: 'h',
    };
    expect(programEnvironment(own, image, '/', { A: '1', PATH: '/x' })).toEqual({
      PATH: '/x',
      LD_PRELOAD: '/usr/lib/libjemalloc.so.2',
      NODE_OPTIONS: '--a=b',
      HOME: '/home/app',
      HOSTNAME: 'h',
      A: '1',
    });
  });

  it('leaves HOME to the user where the image says nothing of it', () => {
    const image = parseSiblingImage(siblingImageOf({ ...config, env: [] }).variable);
    expect(programEnvironment({ HOME: '/root' }, image, '/home/app', {})).toEqual({ HOME: '/home/app' });
  });

  it.each([[undefined], ['{}'], ['{"entrypoint":[]}'], ['x']])('%s is none', (text) => {
    expect(() => parseSiblingImage(text)).toThrow();
  });
});
