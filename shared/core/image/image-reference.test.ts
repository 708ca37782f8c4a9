import { describe, expect, it } from 'vitest';
import { parseImageReference, pinnedImage, registryHost } from './image-reference.ts';

const digest = `sha256:${'0a'.repeat(32)}`;

describe('parseImageReference', () => {
  it.each([
    ['busybox', { registry: 'docker.io', repository: 'library/busybox', tag: 'latest' }],
    ['busybox:1.36', { registry: 'docker.io', repository: 'library/busybox', tag: '1.36' }],
    ['docker.io/busybox', { registry: 'docker.io', repository: 'library/busybox', tag: 'latest' }],
    [
      'index.docker.io/biocontainers/bwa:v1',
      { registry: 'docker.io', repository: 'biocontainers/bwa', tag: 'v1' },
    ],
    ['biocontainers/bwa', { registry: 'docker.io', repository: 'biocontainers/bwa', tag: 'latest' }],
    ['gcr.io/a/b/c:x', { registry: 'gcr.io', repository: 'a/b/c', tag: 'x' }],
    ['localhost/x', { registry: 'localhost', repository: 'x', tag: 'latest' }],
    ['host:5000/a__b/c-d.e', { registry: 'host:5000', repository: 'a__b/c-d.e', tag: 'latest' }],
    [`gcr.io/a/b@${digest}`, { registry: 'gcr.io', repository: 'a/b', digest }],
    [`b:v1@${digest}`, { registry: 'docker.io', repository: 'library/b', tag: 'v1', digest }],
    [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/tools/bwa:1',
      { registry: '123456789012.dkr.ecr.eu-west-1.amazonaws.com', repository: 'tools/bwa', tag: '1' },
    ],
  ])('reads %s', (imageUri, expected) => {
    expect(parseImageReference(imageUri)).toEqual(expected);
  });

  it.each([
    ['', 'a repository is lower case'],
    ['Busybox', 'a repository is lower case'],
    ['https://gcr.io/a', 'its registry is a host'],
    ['gcr.io/a/../b', 'a repository is lower case'],
    ['gcr.io/a?x=1', 'a repository is lower case'],
    ['a b', 'a repository is lower case'],
    ['busybox:', 'a tag has'],
    ['busybox:a/b', 'its registry is a host'],
    ['busybox@sha256:12', 'behind @'],
    [`busybox@${digest}@${digest}`, 'behind @'],
    ['-x.io/a', 'its registry is a host'],
  ])('refuses %j', (imageUri, why) => {
    expect(() => parseImageReference(imageUri)).toThrow(why);
    expect(() => parseImageReference(imageUri)).toThrow(JSON.stringify(imageUri));
  });

  it('pins to a digest, and knows where Docker Hub is', () => {
    expect(pinnedImage(parseImageReference('busybox:1'), digest)).toBe(`docker.io/library/busybox@${digest}`);
    expect(registryHost('docker.io')).toBe('registry-1.docker.io');
    expect(registryHost('gcr.io')).toBe('gcr.io');
  });
});
