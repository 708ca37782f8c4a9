import { list, mapOf } from './proto/collection.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { json, text } from './proto/scalar.ts';

/** A place where jobs can run. */
export const locationSchema = message('Location', {
  /** `projects/{project}/locations/{location}`. */
  name: text(),
  locationId: text(),
  displayName: text(),
  labels: mapOf(text()),
  metadata: json(),
});
export type Location = Infer<typeof locationSchema>;

export const listLocationsResponseSchema = message('ListLocationsResponse', {
  locations: list(locationSchema),
  nextPageToken: text(),
});
export type ListLocationsResponse = Infer<typeof listLocationsResponseSchema>;
