import { describe, expect, it } from 'vitest';
import { LOCATIONS, many, type RefusedJob, violationsOf, withAllocation } from './sample-jobs.ts';

const refused: RefusedJob[] = [
  [
    'two instances',
    withAllocation({ instances: [{}, {}] }),
    'allocationPolicy.instances',
    'must be at most 1 item; given 2',
  ],
  [
    'policy and template',
    withAllocation({ instances: [{ policy: {}, instanceTemplate: 't' }] }),
    'allocationPolicy.instances[0]',
    'must have only one of policy, instanceTemplate; given policy and instanceTemplate',
  ],
  [
    'a location of another form',
    withAllocation({ location: { allowedLocations: ['us-east-1'] } }),
    `${LOCATIONS}[0]`,
    'must be of the form regions/{region} or zones/{zone}; given "us-east-1"',
  ],
  [
    'two regions',
    withAllocation({ location: { allowedLocations: ['regions/us-central1', 'zones/us-west1-a'] } }),
    LOCATIONS,
    'must be one region, or zones of one region; given us-central1 and us-west1',
  ],
  [
    'a tag with a dot',
    withAllocation({ tags: ['a.b'] }),
    'allocationPolicy.tags[0]',
    'must be a lowercase letter, then up to 62 of a-z, 0-9 and "-", not ending with "-"; given "a.b"',
  ],
  [
    'a negative disk',
    withAllocation({ instances: [{ policy: { disks: [{ newDisk: { sizeGb: -1 } }] } }] }),
    'allocationPolicy.instances[0].policy.disks[0].newDisk.sizeGb',
    'must be positive; given "-1"',
  ],
  [
    'a selection without types',
    withAllocation({ instanceFlexibilityPolicy: { instanceSelections: { a: {} } } }),
    'allocationPolicy.instanceFlexibilityPolicy.instanceSelections["a"].machineTypes',
    'must have at least one machine type; given none',
  ],
  [
    '51 selections',
    withAllocation({
      instanceFlexibilityPolicy: {
        instanceSelections: Object.fromEntries(many(51, (i) => [`s${i}`, { machineTypes: ['m'] }])),
      },
    }),
    'allocationPolicy.instanceFlexibilityPolicy.instanceSelections',
    'must be from 1 to 50 selections; given 51',
  ],
  [
    '201 machine types',
    withAllocation({
      instanceFlexibilityPolicy: { instanceSelections: { a: { machineTypes: many(201, () => 'm') } } },
    }),
    'allocationPolicy.instanceFlexibilityPolicy',
    'must name at most 200 machine types; given 201',
  ],
];

describe('allocation policies', () => {
  it.each(refused)('are refused for %s', (_, body, field, description) => {
    expect(violationsOf(body)).toContainEqual({ field, description });
  });
});
