import { alreadyExists, invalidField } from '../../shared/contract/error.ts';
import type { Job } from '../../shared/contract/job.ts';
import { fillLocation } from '../../shared/contract/job-defaults.ts';
import { JOB_ID, newJobId, newJobUid } from '../../shared/contract/job-id.ts';
import { acceptJob } from '../../shared/contract/job-rules.ts';
import { formatJobName, type LocationName, parseLocationName } from '../../shared/contract/resource-name.ts';
import { jobDemand } from '../../shared/core/admission/job-demand.ts';
import { mountsFoldersOf } from '../../shared/core/container/job-containers.ts';
import { registryLogins } from '../../shared/core/container/registry-login.ts';
import { noteOnJob } from '../../shared/core/job/job-events.ts';
import type { JobRecord } from '../../shared/core/job/job-record.ts';
import { jobNameKey } from '../../shared/core/keys.ts';
import { ItemTooLargeError } from '../../shared/ports/item-too-large.ts';
import type { Store, Write } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';
import { loadJob } from '../load-job.ts';
import { newJobWrites } from '../write-job.ts';
import type { CreateJobPorts } from './api-ports.ts';
import { dependentPuts, findDependencies } from './find-dependencies.ts';
import { groupsNow } from './group-now.ts';
import { jobView } from './job-view.ts';
import { seenRequest } from './seen-request.ts';

export interface CreateJobRequest {
  readonly parent: string;
  /** Made up when absent. */
  readonly jobId?: string | undefined;
  readonly requestId?: string | undefined;
  /** The body as JSON.parse gave it. */
  readonly job: unknown;
}

/**
 * jobs.create: checks a job and writes it as QUEUED, with its name, in one commit. It starts nothing. The same requestId
 * within the hour gives the job that the first request made, whatever else the request says.
 */
export async function createJob(ports: CreateJobPorts, request: CreateJobRequest): Promise<Job> {
  const { store, clock } = ports;
  const place = parseLocationName(request.parent);
  if (place.location === '-') throw invalidField('parent', 'must name one location; given "-"');
  let fresh: JobRecord | undefined;
  return commitAgain(clock, async () => {
    const now = clock.now();
    const seen = await seenRequest(store, { ...place, verb: 'create', requestId: request.requestId }, now);
    const made = seen.earlier === undefined ? undefined : await loadJob(store, seen.earlier.uid);
    if (made !== undefined) return view(store, made.body, place, now);
    fresh ??= await acceptedJob(ports, place, request);
    const name = jobNameKey(fresh);
    if ((await store.get(name)) !== undefined) throw alreadyExists(formatJobName({ ...fresh, ...place }));
    await commitNewJob(store, [
      ...newJobWrites(fresh),
      { ...name, body: { uid: fresh.uid }, ifVersion: 0 },
      ...dependentPuts(fresh),
      ...seen.remember({ uid: fresh.uid }),
    ]);
    return view(store, fresh, place, now);
  });
}

/** What compresses badly may be too large for the store although the job is within the limit of its size. */
async function commitNewJob(store: Store, writes: readonly Write[]): Promise<void> {
  try {
    await store.commit(writes);
  } catch (error) {
    if (!(error instanceof ItemTooLargeError)) throw error;
    throw invalidField(
      'job',
      `must fit a record of ${error.maxBytes} bytes, compressed; given ${error.bytes}`,
    );
  }
}

async function view(store: Store, job: JobRecord, place: LocationName, now: number): Promise<Job> {
  return jobView(job, { ...place, jobId: job.jobId }, await groupsNow(store, job), now);
}

async function acceptedJob(
  { store, clock, random, capacity, limits, checkCapabilities, capabilityNotes }: CreateJobPorts,
  place: LocationName,
  request: CreateJobRequest,
): Promise<JobRecord> {
  const { job, given } = acceptJob(request.job);
  const spec = fillLocation(job, place.location);
  const jobId = request.jobId || newJobId(random);
  if (!JOB_ID.test(jobId))
    throw invalidField('jobId', `must match ${JOB_ID.source}; given ${JSON.stringify(jobId)}`);
  const dependencies = await findDependencies(store, place, spec);
  const asked = {
    ...place,
    cpuGiven: given.cpuMilli,
    memoryGiven: given.memoryMib,
    ...foldersOf(spec),
  };
  await checkCapabilities(spec, asked);
  const now = clock.now();
  const record: JobRecord = {
    uid: newJobUid(jobId, random),
    ...asked,
    project: place.project,
    jobId,
    spec,
    createdAt: now,
    updatedAt: now,
    state: 'QUEUED',
    events: [],
    operations: [],
    ...(dependencies.length > 0 ? { dependencies } : {}),
    ...loginsOf(spec),
  };
  const demand = jobDemand(record, capacity, limits);
  // What waits for room that is never there would wait in vain.
  if ('problem' in demand) throw invalidField('taskGroups', `the job ${demand.problem}`);
  for (const note of capabilityNotes(spec, given.memoryMib)) noteOnJob(record, note, now);
  return record;
}

/** How many logins its containers have; nothing where none do. */
function loginsOf(spec: Job): Pick<JobRecord, 'registryLogins'> {
  const { length } = registryLogins(spec);
  return length === 0 ? {} : { registryLogins: length };
}

/** Which groups' containers mount folders; nothing where none do. */
function foldersOf(spec: Job): Pick<JobRecord, 'mountsFolders'> {
  const mountsFolders = (spec.taskGroups ?? []).map(({ taskSpec }) => mountsFoldersOf(taskSpec ?? {}));
  return mountsFolders.includes(true) ? { mountsFolders } : {};
}
