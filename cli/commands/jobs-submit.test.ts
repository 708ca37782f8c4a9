import { describe, expect, it } from 'vitest';
import { addDependency, prefixedId, withDependencies } from './jobs-submit.ts';

describe('--after', () => {
  it.each([
    ['first', { first: 'SUCCEEDED' }],
    ['first:FINISHED', { first: 'FINISHED' }],
    ['projects/p/locations/l/jobs/first:FAILED', { 'projects/p/locations/l/jobs/first': 'FAILED' }],
  ])('%s', (text, items) => {
    expect(addDependency(text)).toEqual(items);
  });

  it.each(['first:DONE', '', ':FAILED'])('refuses %j', (text) => {
    expect(() => addDependency(text)).toThrow(`given ${text}`);
  });

  it('adds to what the file says', () => {
    const job = { dependencies: [{ items: { one: 'FAILED' } }], priority: '1' };
    expect(withDependencies(job, { two: 'SUCCEEDED' })).toEqual({
      dependencies: [{ items: { one: 'FAILED', two: 'SUCCEEDED' } }],
      priority: '1',
    });
    expect(withDependencies(job, undefined)).toBe(job);
  });
});

it('makes an id of a prefix and the time', () => {
  expect(prefixedId('nightly', Date.UTC(2026, 10, 22, 14, 5, 9))).toBe('nightly-20261122-140509');
});
