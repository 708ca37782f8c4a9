import { ApiError } from '../../shared/contract/error.ts';
import { subjectKinds } from '../../shared/contract/event-names.ts';
import {
  formatJobName,
  formatLocationName,
  type JobName,
  type LocationName,
} from '../../shared/contract/resource-name.ts';
import type { OutgoingEvent } from '../../shared/ports/event-sink.ts';
import type { Connection } from '../api/connection.ts';
import { type FollowOptions, followEvents } from '../api/event-stream.ts';

/** An event, or that from now on every event comes: look at all there is. */
export type Happening = OutgoingEvent | 'opened';

export interface Asked {
  readonly place: LocationName;
  /** All jobs of the place without it. */
  readonly job?: JobName;
  /** Single tasks too. */
  readonly tasks: boolean;
}

const POLL_MS = 1_000;

/**
 * What happens to a job, or to all jobs of a place, until `signal` is aborted. A service that cannot be followed, as one
 * behind API Gateway, has its job looked at again and again.
 */
export async function* happenings(
  connection: Connection,
  { place, job, tasks }: Asked,
  options: FollowOptions,
): AsyncGenerator<Happening> {
  const path = `${job === undefined ? formatLocationName(place) : formatJobName(job)}/events`;
  const query = tasks ? { kinds: subjectKinds.join(',') } : {};
  try {
    yield* followEvents(connection, { path, query }, options);
  } catch (error) {
    const isAbsent =
      error instanceof ApiError && (error.status === 'UNIMPLEMENTED' || error.status === 'NOT_FOUND');
    if (!isAbsent || job === undefined) throw error;
    for (; !options.signal.aborted; await options.host.sleep(POLL_MS, options.signal)) yield 'opened';
  }
}
