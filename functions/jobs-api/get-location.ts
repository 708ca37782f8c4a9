import { notFound } from '../../shared/contract/error.ts';
import type { Location } from '../../shared/contract/location.ts';
import {
  formatLocationName,
  type LocationName,
  parseLocationName,
} from '../../shared/contract/resource-name.ts';

/** locations.get: any location works, for it is a name that jobs are kept under. */
export function getLocation(request: { name: string }): Location {
  const name = parseLocationName(request.name, 'name');
  if (name.location === '-') throw notFound(request.name);
  return locationView(name);
}

/** A location as clients see it. */
export function locationView(name: LocationName): Location {
  return {
    name: formatLocationName(name),
    locationId: name.location,
    displayName: name.location,
    labels: { 'cloud.googleapis.com/region': name.location },
  };
}
