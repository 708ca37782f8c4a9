import type { AllocationPolicy } from '../../contract/allocation-policy.ts';
import type { Refusal } from '../job-refusals.ts';

/** A subnet in which nodes may run. */
export interface NodeSubnet {
  readonly id: string;
  /** Its availability zone, where that is known. */
  readonly zone?: string;
  /** How nodes there reach out: by an address of their own, by a NAT gateway or endpoints, or not at all. */
  readonly way: 'PUBLIC' | 'PRIVATE' | 'CLOSED';
}

/** A network without a way out, for nodes whose containers are all to be closed in. */
export interface ClosedNetwork {
  readonly subnets: readonly NodeSubnet[];
  readonly securityGroups: readonly string[];
  /** Hosts of the registries that nodes there can pull from. */
  readonly registries: readonly string[];
  /** What the agent runs in there: it is pulled from one of them. */
  readonly image: string;
  /** Where nodes there reach the service. */
  readonly endpoint: string;
}

/** Where a deployment is. */
export interface NodeRegion {
  readonly region: string;
  /** Names that jobs may use for the region (no value) or for one of its zones. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly subnets: readonly NodeSubnet[];
  /** What bounds the traffic of nodes in these subnets. */
  readonly securityGroups: readonly string[];
  /** Where nodes without a way out run, if this deployment has such. */
  readonly closed?: ClosedNetwork;
}

/** Where the nodes of a group run. */
export interface NodePlaces {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly publicIp: boolean;
}

const LOCATIONS = 'allocationPolicy.location';
const INTERFACE = 'allocationPolicy.network.networkInterfaces[0]';
/** What Google calls the network that is there unless another is made. */
const DEFAULT = 'default';

/**
 * Where nodes may run by a job's allocation policy. A location of Google's is this region when it is its name, one of its
 * aliases or the location in which the job was made; its zone `us-central1-a` is then the zone `a` of this region, unless an
 * alias says which. `location` is the job's own. Throws nothing: without a refusal there is at least one subnet.
 */
export function nodePlaces(
  policy: AllocationPolicy,
  location: string,
  region: NodeRegion,
): { readonly places: NodePlaces; readonly refusals: readonly Refusal[] } {
  const refusals: Refusal[] = [];
  const known = new Set([region.region, location, ...regionAliases(region)]);
  const zones = new Set(region.subnets.map(({ zone }) => zone));
  const inPlace = subnetsIn(policy, region, known, zones, refusals);
  const subnets = subnetsOf(policy, inPlace, region, refusals);
  const publicIp = subnets.some(({ way }) => way === 'PUBLIC');
  const used = publicIp ? subnets.filter(({ way }) => way === 'PUBLIC') : subnets;
  const { securityGroups } = region;
  return { places: { subnets: used.map(({ id }) => id), securityGroups, publicIp }, refusals };
}

/** The region as nodes of its closed network have it. */
export function closedRegion(region: NodeRegion, { subnets, securityGroups }: ClosedNetwork): NodeRegion {
  return { ...region, subnets, securityGroups };
}

/** The locations that a deployment stands for: its region, and the names that jobs may use for it. No zone is one. */
export function locationsOf(region: NodeRegion): string[] {
  return [region.region, ...regionAliases(region)];
}

function regionAliases({ region, aliases }: NodeRegion): string[] {
  return Object.keys(aliases).filter((name) => aliases[name] === '' || aliases[name] === region);
}

/** The subnets that the location policy leaves. */
function subnetsIn(
  { location: policy }: AllocationPolicy,
  region: NodeRegion,
  known: ReadonlySet<string>,
  zones: ReadonlySet<string | undefined>,
  refusals: Refusal[],
): NodeSubnet[] {
  const resolve = (name: string) => zonesOf(name, region, known, zones);
  const allowed = policy?.allowedLocations ?? [];
  const found = new Set<string | undefined>();
  for (const [at, name] of allowed.entries()) {
    const named = resolve(name);
    if (named.length === 0)
      refusals.push([`${LOCATIONS}.allowedLocations[${at}]`, `${notHere(region, known)}; given "${name}"`]);
    for (const zone of named) found.add(zone);
  }
  const denied = new Set((policy?.deniedLocations ?? []).flatMap(resolve));
  const left = region.subnets.filter(
    ({ zone }) => (allowed.length === 0 || found.has(zone)) && !denied.has(zone),
  );
  if (left.length === 0 && refusals.length === 0)
    refusals.push([`${LOCATIONS}.deniedLocations`, 'leaves no zone for nodes']);
  return left;
}

/** The zones of this deployment that `regions/x` or `zones/x` stands for; none when it is elsewhere. */
function zonesOf(
  name: string,
  { region, aliases }: NodeRegion,
  known: ReadonlySet<string>,
  zones: ReadonlySet<string | undefined>,
): (string | undefined)[] {
  const [kind, place = ''] = name.split('/');
  if (kind === 'regions') return known.has(place) ? [...zones] : [];
  const [, parent = '', letter = ''] = /^(.+?)-?([a-z])$/.exec(place) ?? [];
  const zone = aliases[place] || (known.has(parent) ? `${region}${letter}` : place);
  return zones.has(zone) ? [zone] : [];
}

function notHere({ region, subnets }: NodeRegion, known: ReadonlySet<string>): string {
  const names = [...known].map((name) => `regions/${name}`).join(', ');
  const zones = [...new Set(subnets.flatMap(({ zone }) => (zone === undefined ? [] : [zone])))];
  const those =
    zones.map((zone) => `zones/${zone}`).join(', ') || 'which zones its subnets are in is not set';
  return `nodes are in ${region}: ${names}; ${those}`;
}

/** Of these, the subnets that the network policy wants. */
function subnetsOf(
  { network }: AllocationPolicy,
  inPlace: readonly NodeSubnet[],
  region: NodeRegion,
  refusals: Refusal[],
): NodeSubnet[] {
  const [first = {}, ...more] = network?.networkInterfaces ?? [];
  if (more.length > 0)
    refusals.push([
      'allocationPolicy.network.networkInterfaces',
      'a node on Fargate has one network interface',
    ]);
  if (first.network && lastPart(first.network) !== DEFAULT) {
    const only = `nodes have one network, which is called "${DEFAULT}"`;
    refusals.push([`${INTERFACE}.network`, `${only}; given "${first.network}"`]);
  }
  let subnets = [...inPlace];
  const named = lastPart(first.subnetwork ?? '') || DEFAULT;
  if (named !== DEFAULT) {
    subnets = subnets.filter(({ id }) => id === named);
    if (subnets.length === 0) {
      const ids = region.subnets.map(({ id }) => id).join(', ');
      const given = `given "${first.subnetwork}"`;
      refusals.push([
        `${INTERFACE}.subnetwork`,
        `must be "${DEFAULT}" or one of ${ids}, in an allowed location; ${given}`,
      ]);
    }
  }
  if (first.noExternalIpAddress !== true) return subnets;
  const inner = subnets.filter(({ way }) => way !== 'PUBLIC');
  if (inner.length === 0 && subnets.length > 0)
    refusals.push([
      `${INTERFACE}.noExternalIpAddress`,
      'nodes of this deployment reach out by addresses of their own and in no other way; deploy it with natGateway, or in private subnets of a VPC',
    ]);
  return inner;
}

function lastPart(name: string): string {
  return name.split('/').at(-1) ?? '';
}
