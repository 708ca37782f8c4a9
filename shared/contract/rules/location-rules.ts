import type { LocationPolicy } from '../allocation-policy.ts';
import type { Problems } from '../proto/problems.ts';

const LOCATION = /^(regions|zones)\/([a-z]+(?:-[a-z0-9]+)+)$/;

/** Checks a location policy that stands here: one region, or zones of one region (LocationPolicy in the API). */
export function checkLocationPolicy(problems: Problems, policy: LocationPolicy | undefined): void {
  const allowed = policy?.allowedLocations;
  checkForm(problems, 'deniedLocations', policy?.deniedLocations);
  if (!checkForm(problems, 'allowedLocations', allowed)) return;
  const regions = new Set((allowed ?? []).map(regionOf));
  if (regions.size <= 1) return;
  problems.at('allowedLocations', () =>
    problems.add(`must be one region, or zones of one region; given ${[...regions].sort().join(' and ')}`),
  );
}

function checkForm(problems: Problems, field: string, locations: readonly string[] | undefined): boolean {
  let isValid = true;
  problems.each(field, locations, (location) => {
    if (LOCATION.test(location)) return;
    isValid = false;
    problems.refuse(location, 'of the form regions/{region} or zones/{zone}');
  });
  return isValid;
}

/** The region of `regions/us-east-1`, `zones/us-central1-a` (Google's naming) or `zones/us-east-1a` (that of AWS). */
export function regionOf(location: string): string {
  const [, kind, name = ''] = LOCATION.exec(location) ?? [];
  if (kind !== 'zones') return name;
  return /-[a-z]$/.test(name) ? name.slice(0, -2) : name.replace(/[a-z]$/, '');
}
