import { describe, expect, it } from 'vitest';
import type { AllocationPolicy } from '../../contract/allocation-policy.ts';
import { closedRegion, locationsOf, type NodeRegion, nodePlaces } from './node-places.ts';

const region: NodeRegion = {
  region: 'us-east-1',
  aliases: { 'us-central1': '', 'us-central1-f': 'us-east-1b' },
  subnets: [
    { id: 'subnet-a', zone: 'us-east-1a', way: 'PUBLIC' },
    { id: 'subnet-b', zone: 'us-east-1b', way: 'PUBLIC' },
    { id: 'subnet-inner', zone: 'us-east-1a', way: 'PRIVATE' },
  ],
  securityGroups: ['sg-nodes'],
};
const places = (policy: AllocationPolicy, of = region) => nodePlaces(policy, 'europe-west1', of);
const at = (...allowedLocations: string[]) => places({ location: { allowedLocations } });
const over = (networkInterface: object, of = region) =>
  places({ network: { networkInterfaces: [networkInterface] } }, of);
const field = ({ refusals }: ReturnType<typeof places>) => refusals.map(([name]) => name);

describe('nodePlaces', () => {
  it('are all public subnets when nothing is asked for', () => {
    expect(places({})).toEqual({
      places: { subnets: ['subnet-a', 'subnet-b'], securityGroups: ['sg-nodes'], publicIp: true },
      refusals: [],
    });
  });

  it.each([
    ['regions/us-east-1', ['subnet-a', 'subnet-b']],
    ['regions/us-central1', ['subnet-a', 'subnet-b']],
    ['regions/europe-west1', ['subnet-a', 'subnet-b']],
    ['zones/us-east-1b', ['subnet-b']],
    ['zones/us-east-1-b', ['subnet-b']],
    ['zones/us-central1-a', ['subnet-a']],
    ['zones/us-central1-f', ['subnet-b']],
    ['zones/europe-west1-b', ['subnet-b']],
  ])('of %s are %j', (name, subnets) => {
    expect(at(name)).toMatchObject({ places: { subnets }, refusals: [] });
  });

  it.each(['regions/us-west-2', 'zones/us-west-2a', 'zones/us-east-1d', 'zones/us-central1-c'])(
    'refuses %s, and says where nodes are',
    (name) => {
      expect(at('zones/us-east-1a', name).refusals).toEqual([
        ['allocationPolicy.location.allowedLocations[1]', expect.stringContaining('zones/us-east-1b; given')],
      ]);
    },
  );

  it('leaves out denied locations', () => {
    const denied = (name: string) => places({ location: { deniedLocations: [name] } });
    expect(denied('zones/us-east-1a').places.subnets).toEqual(['subnet-b']);
    expect(denied('zones/us-west-2a').places.subnets).toHaveLength(2);
    expect(field(denied('regions/us-central1'))).toEqual(['allocationPolicy.location.deniedLocations']);
  });

  it('runs nodes without an external address in private subnets, if there are any', () => {
    expect(over({ noExternalIpAddress: true })).toEqual({
      places: { subnets: ['subnet-inner'], securityGroups: ['sg-nodes'], publicIp: false },
      refusals: [],
    });
    const open = { ...region, subnets: region.subnets.slice(0, 2) };
    expect(field(over({ noExternalIpAddress: true }, open))).toEqual([
      'allocationPolicy.network.networkInterfaces[0].noExternalIpAddress',
    ]);
  });

  it('uses private subnets where there are no others', () => {
    const inner = { ...region, subnets: region.subnets.slice(2) };
    expect(over({}, inner).places).toMatchObject({ subnets: ['subnet-inner'], publicIp: false });
  });

  it.each([
    [{ network: 'global/networks/default', subnetwork: 'regions/us-central1/subnetworks/default' }, []],
    [{ subnetwork: 'subnet-b' }, []],
    [{ network: 'global/networks/mine' }, ['allocationPolicy.network.networkInterfaces[0].network']],
    [{ subnetwork: 'subnet-z' }, ['allocationPolicy.network.networkInterfaces[0].subnetwork']],
  ])('of %j refuses %j', (networkInterface, fields) => {
    expect(field(over(networkInterface))).toEqual(fields);
  });

  it('keeps to a subnet that is named, and to one interface', () => {
    expect(over({ subnetwork: 'subnet-b' }).places.subnets).toEqual(['subnet-b']);
    expect(field(places({ network: { networkInterfaces: [{}, {}] } }))).toEqual([
      'allocationPolicy.network.networkInterfaces',
    ]);
  });

  it('knows no zones where none are set', () => {
    const bare: NodeRegion = { ...region, subnets: [{ id: 'subnet-x', way: 'PRIVATE' }] };
    expect(places({ location: { allowedLocations: ['regions/us-east-1'] } }, bare).places.subnets).toEqual([
      'subnet-x',
    ]);
    expect(places({ location: { allowedLocations: ['zones/us-east-1a'] } }, bare).refusals[0]?.[1]).toContain(
      'is not set',
    );
  });
});

describe('the places of a closed network', () => {
  const closed = closedRegion(region, {
    subnets: [
      { id: 'subnet-closed-b', zone: 'us-east-1b', way: 'CLOSED' },
      { id: 'subnet-closed-c', zone: 'us-east-1c', way: 'CLOSED' },
    ],
    securityGroups: ['sg-closed'],
    registries: [],
    image: 'node',
    endpoint: 'https://api',
  });

  it('are its subnets, with its security group, and without a public address', () => {
    const places = {
      subnets: ['subnet-closed-b', 'subnet-closed-c'],
      securityGroups: ['sg-closed'],
      publicIp: false,
    };
    for (const networkInterface of [{}, { noExternalIpAddress: true }])
      expect(over(networkInterface, closed)).toEqual({ places, refusals: [] });
  });

  it('are those of a zone that is asked for, by the names of the region', () => {
    const inZone = (zone: string) => places({ location: { allowedLocations: [zone] } }, closed);
    expect(inZone('zones/us-central1-f').places.subnets).toEqual(['subnet-closed-b']);
    expect(inZone('zones/us-east-1a').refusals).toEqual([
      [
        'allocationPolicy.location.allowedLocations[0]',
        expect.stringContaining('zones/us-east-1b, zones/us-east-1c; given "zones/us-east-1a"'),
      ],
    ]);
  });

  it('can be named, and no subnet outside of it', () => {
    expect(over({ subnetwork: 'subnet-closed-c' }, closed).places.subnets).toEqual(['subnet-closed-c']);
    expect(over({ subnetwork: 'subnet-a' }, closed).refusals[0]?.[1]).toContain(
      'subnet-closed-b, subnet-closed-c',
    );
  });
});

describe('the locations of a deployment', () => {
  it('are its region and the names for it: no zone, and no other region', () => {
    const aliases = { ...region.aliases, 'europe-north1': 'eu-north-1', here: 'us-east-1' };
    expect(locationsOf({ ...region, aliases })).toEqual(['us-east-1', 'us-central1', 'here']);
  });
});
