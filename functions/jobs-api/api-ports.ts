import type { Job } from '../../shared/contract/job.ts';
import type { ReportAgentStateResponse } from '../../shared/contract/report.ts';
import type { UseLimits } from '../../shared/core/admission/use-limits.ts';
import type { JobHead } from '../../shared/core/job/job-record.ts';
import type { Capacity } from '../../shared/core/plan.ts';
import type { ServicePorts } from '../service-ports.ts';

/** How a job was asked for, beside its spec. */
export type AskedJob = Pick<JobHead, 'project' | 'location' | 'cpuGiven' | 'memoryGiven' | 'mountsFolders'>;

/** What the API asks of the installation about a job that is to be created. */
export interface Capabilities {
  /** Throws an ApiError that names what of the job this installation cannot honour. */
  readonly checkCapabilities: (job: Job, asked: AskedJob) => void | Promise<void>;
  /** What of the job is accepted and has no effect here, one sentence each; they become events of the job. */
  readonly capabilityNotes: (job: Job, memoryGiven: readonly boolean[]) => string[];
}

/** What a deployment has for jobs, and how much of it they may take. */
export interface Room {
  readonly capacity: Capacity;
  readonly limits: UseLimits;
}

/** What creating a job needs. */
export type CreateJobPorts = Pick<ServicePorts, 'store' | 'clock' | 'random'> & Capabilities & Room;

/** What cancelling and deleting a job need. */
export type OperationPorts = Pick<ServicePorts, 'store' | 'clock' | 'random'>;

/** What reading needs. */
export type ReadPorts = Pick<ServicePorts, 'store' | 'clock'>;

/** Headers of a request by their names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>;

/** All that `handleRequest` is wired with. */
export interface JobsApiDeps extends ServicePorts, Capabilities, Room {
  /** Ids of the locations that a list shows; requests may name any other. */
  readonly locations: readonly string[];
  /** Takes an agent's report: `projects/{p}/locations/{l}`, the headers, and the body as JSON.parse gave it. */
  readonly reportState: (
    parent: string,
    headers: RequestHeaders,
    body: unknown,
  ) => Promise<ReportAgentStateResponse>;
  /** Takes note of an error whose cause the caller is not told. */
  readonly logError: (error: unknown, request: { readonly method: string; readonly path: string }) => void;
}
