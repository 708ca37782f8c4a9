import { describe, expect, it } from 'vitest';
import type { Architecture } from './machine-type.ts';
import { type AskedProcessor, chooseProcessor, type MadeImage } from './node-processor.ts';

const amd = { image: 'amd', platforms: ['linux/amd64'] };
const arm = { image: 'arm', platforms: ['linux/arm64'] };
const both = { image: 'both', platforms: ['linux/amd64', 'linux/arm64'] };
const windows = { image: 'win', platforms: ['windows/amd64'] };
const none = { image: 'none', platforms: [] };
const t2a: AskedProcessor = { architecture: 'ARM64', by: 'the machine type "t2a-standard-1"' };
const e2: AskedProcessor = { architecture: 'X86_64', by: 'the machine type "e2-micro"' };

describe('the processor of a node', () => {
  const chosen: [
    usual: Architecture,
    asked: AskedProcessor | undefined,
    images: MadeImage[],
    is: Architecture,
    why?: string,
  ][] = [
    ['ARM64', undefined, [], 'ARM64'],
    ['X86_64', undefined, [], 'X86_64'],
    ['ARM64', undefined, [both, arm], 'ARM64'],
    ['X86_64', undefined, [both, amd], 'X86_64'],
    ['ARM64', undefined, [both, amd], 'X86_64', 'amd is made for linux/amd64'],
    ['X86_64', undefined, [arm], 'ARM64', 'arm is made for linux/arm64'],
    ['ARM64', e2, [both, amd], 'X86_64'],
    ['X86_64', t2a, [both], 'ARM64'],
    ['ARM64', t2a, [], 'ARM64'],
  ];
  it.each(chosen)('where %s is usual, %o asked and images are %o is %s', (usual, asked, images, is, why) => {
    const choice = why === undefined ? { architecture: is } : { architecture: is, why };
    expect(chooseProcessor({ asked, usual, images })).toEqual(choice);
  });

  const refused: [asked: AskedProcessor | undefined, images: MadeImage[], words: string][] = [
    [
      undefined,
      [amd, both, arm],
      'no processor suits all images of a node: amd is made for linux/amd64, arm for linux/arm64; nodes are linux/arm64 or linux/amd64',
    ],
    [undefined, [amd, windows], 'win is made for windows/amd64; nodes are linux/arm64 or linux/amd64'],
    [undefined, [none], 'none is made for no platform; nodes are linux/arm64 or linux/amd64'],
    [t2a, [both, amd], 'amd is made for linux/amd64; the machine type "t2a-standard-1" asks for linux/arm64'],
    [e2, [arm, both], 'arm is made for linux/arm64; the machine type "e2-micro" asks for linux/amd64'],
  ];
  it.each(refused)('that %o asks for, with images %o, cannot be', (asked, images, message) => {
    const choose = () => chooseProcessor({ asked, usual: 'ARM64', images });
    expect(choose).toThrow(expect.objectContaining({ problem: 'WRONG_PLATFORM', message }));
  });
});
