import { describe, expect, it } from 'vitest';
import { readImageConfig } from './image-config.ts';
import { readManifest } from './image-manifest.ts';
import { errorOfAnswer, retryAfterMs } from './registry-answer.ts';
import { parseChallenge } from './registry-challenge.ts';

const digests = ['1', '2', '3', '4', '5'].map((digit) => `sha256:${digit.repeat(64)}`);
const listOf = (...platforms: ([string, string] | undefined)[]) => ({
  manifests: platforms.map((platform, at) => ({
    digest: digests[at],
    ...(platform === undefined ? {} : { platform: { os: platform[0], architecture: platform[1] } }),
  })),
});

describe('readManifest', () => {
  it('of one image leads to its configuration', () => {
    const body = { schemaVersion: 2, config: { digest: digests[0], size: 3 }, layers: [] };
    expect(readManifest('x', body)).toEqual({ kind: 'image', config: digests[0] });
  });

  it('of several leads to that of each platform, without attestations and what says none', () => {
    const arm = ['linux', 'arm64'] as [string, string];
    const body = listOf(['unknown', 'unknown'], arm, ['windows', 'amd64'], undefined, arm);
    expect(readManifest('x', body)).toEqual({
      kind: 'list',
      digests: new Map([
        ['linux/arm64', digests[1]],
        ['windows/amd64', digests[2]],
      ]),
    });
  });

  it.each([[{}], [[]], ['text'], [{ config: { digest: 'md5:1' } }], [{ schemaVersion: 1, fsLayers: [] }]])(
    'refuses %j',
    (body) => {
      expect(() => readManifest('x', body)).toThrow("the registry's manifest of x is neither");
    },
  );
});

describe('readImageConfig', () => {
  it('fills in what an image leaves open', () => {
    const empty = { entrypoint: [], cmd: [], user: '', workingDir: '', env: [] };
    const amd64 = { os: 'linux', architecture: 'amd64' };
    expect(readImageConfig('x', amd64)).toEqual({ platform: 'linux/amd64', config: empty });
    const nulls = { Entrypoint: null, Cmd: null, User: '', Env: null };
    expect(readImageConfig('x', { ...amd64, config: nulls }).config).toEqual(empty);
  });

  it('reads what an image runs', () => {
    const config = { Entrypoint: ['/e'], Cmd: ['a'], User: 'app:1', WorkingDir: '/w', Env: ['A=b'] };
    expect(readImageConfig('x', { os: 'linux', architecture: 'amd64', config }).config).toEqual({
      entrypoint: ['/e'],
      cmd: ['a'],
      user: 'app:1',
      workingDir: '/w',
      env: ['A=b'],
    });
  });

  it('refuses one that cannot be read', () => {
    expect(() => readImageConfig('x', { os: 'linux' })).toThrow('the configuration of x cannot be read');
  });
});

describe('parseChallenge', () => {
  it.each([
    ['Basic realm="ECR"', { scheme: 'basic' }],
    ['basic realm=x', { scheme: 'basic' }],
    [
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/busybox:pull"',
      {
        scheme: 'bearer',
        realm: 'https://auth.docker.io/token',
        service: 'registry.docker.io',
        scope: 'repository:library/busybox:pull',
      },
    ],
    [
      'Bearer realm="https://t", scope="repository:a:pull,push", error="invalid_token"',
      { scheme: 'bearer', realm: 'https://t', scope: 'repository:a:pull,push' },
    ],
    ['Basic realm="x", Bearer realm="https://t"', { scheme: 'bearer', realm: 'https://t' }],
    ['Bearer service="s"', undefined],
    ['Negotiate', undefined],
    ['', undefined],
  ])('reads %s', (header, expected) => {
    expect(parseChallenge(header)).toEqual(expected);
  });
});

describe('errorOfAnswer', () => {
  const said = JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] });
  it.each([
    [404, 'NOT_FOUND', false, 'there is no image a:1 in its registry (manifest unknown)'],
    [401, 'DENIED', false, 'the registry denies a:1 (manifest unknown): it is private'],
    [403, 'DENIED', false, 'denies'],
    [429, 'RATE_LIMITED', true, 'too many requests'],
    [500, 'UNAVAILABLE', true, 'answers 500'],
    [400, 'INVALID', false, 'answers 400'],
  ])('%i is %s', (status, problem, passes, message) => {
    const error = errorOfAnswer('a:1', status, said);
    expect(error).toMatchObject({ problem, passes });
    expect(error.message).toContain(message);
  });

  it('quotes no page of a proxy, and no long text', () => {
    expect(errorOfAnswer('a', 502, '<html>').message).toBe('the registry of a answers 502');
    const long = JSON.stringify({ errors: [{ message: 'x'.repeat(1_000) }] });
    expect(errorOfAnswer('a', 502, long).message).toHaveLength(
      200 + 'the registry of a answers 502 ()'.length,
    );
  });

  it.each([
    ['7', 7_000],
    [null, undefined],
    ['Wed, 21 Oct 2015 07:28:00 GMT', undefined],
    ['-1', undefined],
  ])('retry-after %s', (header, ms) => {
    expect(retryAfterMs(header)).toBe(ms);
  });
});
