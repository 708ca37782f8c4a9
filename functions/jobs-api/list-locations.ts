import type { ListLocationsResponse } from '../../shared/contract/location.ts';
import { parseProjectName } from '../../shared/contract/resource-name.ts';
import { locationView } from './get-location.ts';

/** locations.list: those that the installation is set up with, all on one page. */
export function listLocations(
  locations: readonly string[],
  request: { name: string },
): ListLocationsResponse {
  const { project } = parseProjectName(request.name);
  return { locations: locations.map((location) => locationView({ project, location })) };
}
