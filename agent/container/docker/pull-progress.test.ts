import { describe, expect, it } from 'vitest';
import { isFinalPullError, PullProgress, pullFailure } from './pull-progress.ts';

const MIB = 2 ** 20;

describe('how far a pull has come', () => {
  it('is the sum of its layers', () => {
    const progress = new PullProgress();
    expect(progress.text).toBe('');
    progress.take({ status: 'Pulling from library/busybox' });
    progress.take({ id: 'a', status: 'Pulling fs layer' });
    expect(progress.text).toBe('');
    progress.take({ id: 'a', status: 'Downloading', progressDetail: { current: 5 * MIB, total: 10 * MIB } });
    progress.take({ id: 'b', status: 'Downloading', progressDetail: { current: MIB, total: 30 * MIB } });
    expect(progress.text).toBe('6 of 40 MiB');
    progress.take({ id: 'a', status: 'Download complete' });
    progress.take({ id: 'b', status: 'Pull complete' });
    expect(progress.text).toBe('40 of 40 MiB');
  });
});

describe('a pull that failed', () => {
  it.each<[message: string, isFinal: boolean, why: RegExp]>([
    ['manifest for x:1 not found: manifest unknown: manifest unknown', true, /its registry does not have it/],
    [
      "pull access denied for x, repository does not exist or may require 'docker login'",
      true,
      /does not let this user have it, or it does not exist; container\.username/,
    ],
    ['unauthorized: authentication required', true, /does not let this user have it/],
    ['no basic auth credentials', true, /does not let this user have it/],
    ['no matching manifest for linux/amd64 in the manifest list entries', true, /not made for the processor/],
    ['toomanyrequests: You have reached your pull rate limit', false, /allows no more pulls for now/],
    ['received unexpected HTTP status: 500 Internal Server Error', false, /its registry failed/],
    ['unexpected EOF', false, /its registry failed/],
    ['dial tcp 127.0.0.1:1: connect: connection refused', false, /cannot be reached/],
    ['dial tcp: lookup nowhere.example: no such host', false, /cannot be reached/],
  ])('%s', (message, isFinal, why) => {
    expect(isFinalPullError(message)).toBe(isFinal);
    const text = pullFailure('x:1', message);
    expect(text).toMatch(why);
    expect(text).toMatch(/^the image x:1 cannot be pulled: /);
    expect(text).toContain(message);
  });
});
