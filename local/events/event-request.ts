import { findJobHead } from '../../functions/jobs-api/find-job.ts';
import { parsePath, routeMatcher } from '../../functions/jobs-api/match-route.ts';
import { invalidField } from '../../shared/contract/error.ts';
import {
  type EventName,
  eventNames,
  isPublished,
  type SubjectKind,
  subjectKinds,
} from '../../shared/contract/event.ts';
import { parseJobName, parseLocationName } from '../../shared/contract/resource-name.ts';
import { isSystemParameter } from '../../shared/contract/system-parameters.ts';
import type { Store } from '../../shared/ports/store.ts';
import type { EventFilter } from './event-filter.ts';
import { type LogPosition, parsePosition } from './log-position.ts';

/** What somebody who follows events has asked for. */
export interface EventRequest {
  readonly filter: EventFilter;
  /** Undefined: from now on. */
  readonly from: LogPosition | undefined;
}

const LOCATION = 'projects/*/locations/*';
const match = routeMatcher([
  { method: 'GET', template: `{${LOCATION}}/events`, of: 'location' },
  { method: 'GET', template: `{${LOCATION}/jobs/*}/events`, of: 'job' },
] as const);

const PARAMETERS = ['names', 'kinds', 'topic', 'lastEventId'];

/** The route of a request for events, or undefined for any other request. */
export function eventRoute(
  method: string,
  path: string,
): { of: 'location' | 'job'; name: string } | undefined {
  const parsed = parsePath(path);
  const found = parsed === undefined ? undefined : match(method, parsed.resource);
  return found !== undefined && 'route' in found ? { of: found.route.of, name: found.name } : undefined;
}

/**
 * Reads `GET …/events`: `names` and `kinds` are lists with commas, `topic` a topic of jobs' own; `Last-Event-ID`, or
 * `lastEventId`, the id of the last event that was seen, or `oldest`. Throws INVALID_ARGUMENT, and NOT_FOUND for a job.
 */
export async function readEventRequest(
  store: Store,
  { of, name }: { of: 'location' | 'job'; name: string },
  query: URLSearchParams,
  lastEventId: string | undefined,
): Promise<EventRequest> {
  for (const given of query.keys())
    if (!PARAMETERS.includes(given) && !isSystemParameter(given))
      throw invalidField(given, `is no parameter of events; allowed: ${PARAMETERS.join(', ')}`);
  const names = list(query, 'names', eventNames.filter(isPublished)) as EventName[] | undefined;
  const kinds = list(query, 'kinds', subjectKinds) as SubjectKind[] | undefined;
  const topic = query.get('topic') || undefined;
  if (topic !== undefined && (names ?? kinds) !== undefined)
    throw invalidField(
      'topic',
      'must be given without names and kinds: what a topic is told is up to the jobs',
    );
  return {
    filter: {
      ...(of === 'job' ? await ofJob(store, name) : ofLocation(name)),
      ...(names === undefined ? {} : { names }),
      ...(kinds === undefined ? {} : { kinds }),
      ...(topic === undefined ? {} : { topic }),
    },
    from: readPosition(lastEventId || query.get('lastEventId') || undefined),
  };
}

async function ofJob(store: Store, name: string): Promise<EventFilter> {
  return { jobUid: (await findJobHead(store, parseJobName(name))).body.uid };
}

/** The location `-` stands for all of them, as in lists. */
function ofLocation(name: string): EventFilter {
  const { project, location } = parseLocationName(name);
  return location === '-' ? { project } : { project, location };
}

function list(query: URLSearchParams, field: string, allowed: readonly string[]): string[] | undefined {
  const text = query.getAll(field).join(',');
  if (text === '') return undefined;
  const given = text.split(',');
  for (const one of given)
    if (!allowed.includes(one))
      throw invalidField(field, `must be of ${allowed.join(', ')}; given ${JSON.stringify(one)}`);
  return given;
}

function readPosition(text: string | undefined): LogPosition | undefined {
  if (text === undefined) return undefined;
  const position = parsePosition(text);
  if (position === undefined) throw noPosition(text);
  return position;
}

/** The error for an id that no event has had. */
export function noPosition(text: string): Error {
  return invalidField(
    'lastEventId',
    `must be the id of an event, or "oldest"; given ${JSON.stringify(text)}`,
  );
}
