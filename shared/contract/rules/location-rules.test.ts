import { expect, it } from 'vitest';
import { regionOf } from './location-rules.ts';

it.each([
  ['regions/us-east-1', 'us-east-1'],
  ['zones/us-east-1a', 'us-east-1'],
  ['zones/us-central1-a', 'us-central1'],
])('%s is in %s', (location, region) => {
  expect(regionOf(location)).toBe(region);
});
