import { type JobState, jobStates } from '../../contract/states.ts';
import type { EnumField, FilterFields } from './filter-fields.ts';
import type { Filter } from './filter-syntax.ts';
import { requiredNames } from './required-names.ts';

/** What a filter reads of a job; a job in canonical JSON has this shape. */
export interface FilterableJob {
  readonly name?: string | undefined;
  readonly uid?: string | undefined;
  readonly priority?: number | string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly createTime?: string | undefined;
  readonly updateTime?: string | undefined;
  readonly status?:
    | { readonly state?: string | undefined; readonly runDuration?: string | undefined }
    | undefined;
  readonly allocationPolicy?:
    | {
        readonly labels?: Readonly<Record<string, string>> | undefined;
        readonly location?: { readonly allowedLocations?: readonly string[] | undefined } | undefined;
        readonly serviceAccount?: { readonly email?: string | undefined } | undefined;
      }
    | undefined;
}

const state: EnumField<FilterableJob> = {
  kind: 'enum',
  names: Object.keys(jobStates),
  of: (job) => job.status?.state,
};

/** The fields of a job that a filter can name. */
export const jobFields: FilterFields<FilterableJob> = {
  name: { kind: 'text', of: (job) => job.name },
  uid: { kind: 'text', of: (job) => job.uid },
  state,
  'status.state': state,
  'status.runDuration': { kind: 'duration', of: (job) => job.status?.runDuration },
  priority: { kind: 'int', of: (job) => job.priority },
  createTime: { kind: 'timestamp', of: (job) => job.createTime },
  updateTime: { kind: 'timestamp', of: (job) => job.updateTime },
  labels: { kind: 'map', of: (job) => job.labels },
  'allocationPolicy.labels': { kind: 'map', of: (job) => job.allocationPolicy?.labels },
  'allocationPolicy.location.allowedLocations': {
    kind: 'texts',
    of: (job) => job.allocationPolicy?.location?.allowedLocations,
  },
  'allocationPolicy.serviceAccount.email': {
    kind: 'text',
    of: (job) => job.allocationPolicy?.serviceAccount?.email,
  },
};

/** The states, one of which a job must be in to match a filter that compiles, or undefined when any will do. */
export function requiredJobStates(filter: string | Filter): readonly JobState[] | undefined {
  return requiredNames(filter, jobFields, state)?.filter(isJobState);
}

function isJobState(name: string): name is JobState {
  return Object.hasOwn(jobStates, name);
}
