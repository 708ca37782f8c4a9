import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Job } from '../../shared/contract/job.ts';
import type { JobStateName } from '../../shared/core/job/job-states.ts';
import { compileFilter } from '../../shared/core/query/filter.ts';
import { jobFields } from '../../shared/core/query/job-fields.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ApiUnderTest, aJob } from './api-under-test.ts';

const states: readonly JobStateName[] = [
  'QUEUED',
  'SCHEDULED',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
];
const filters = [
  'state=RUNNING',
  'status.state="RUNNING" OR status.state="FAILED"',
  'state=(QUEUED OR SCHEDULED OR RUNNING)',
  'state=RUNNING labels.env=a',
  'NOT state!=SUCCEEDED',
  'NOT state=RUNNING',
  'state=RUNNING state=FAILED',
  'state=FAILED OR labels.env=a',
];
const anyJob = fc.record({
  state: fc.constantFrom(...states),
  location: fc.constantFrom('us-central1', 'europe-west1'),
  env: fc.constantFrom('a', 'b'),
  /** Jobs of one millisecond are in the order of their uids. */
  pauseMs: fc.constantFrom(0, 1, 1000),
});

async function listAll(api: ApiUnderTest, parent: string, query: Record<string, string>): Promise<Job[]> {
  const jobs: Job[] = [];
  let pageToken = '';
  do {
    const { json } = await api.send('GET', `${parent}/jobs?${new URLSearchParams({ ...query, pageToken })}`);
    jobs.push(...json.jobs);
    pageToken = json.nextPageToken ?? '';
  } while (pageToken !== '');
  return jobs;
}

it('a filter that asks for states finds what looking at all jobs finds, in the same order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyJob, { maxLength: 25 }),
      fc.constantFrom(...filters),
      fc.constantFrom('', 'create_time', 'create_time desc', 'name'),
      fc.constantFrom('-', 'us-central1'),
      fc.integer({ min: 1, max: 7 }),
      async (jobs, filter, orderBy, location, pageSize) => {
        const api = new ApiUnderTest(memoryStore());
        for (const [at, { state, location: where, env, pauseMs }] of jobs.entries()) {
          const parent = `projects/p1/locations/${where}`;
          const uid = await api.create(`job-${at}`, aJob({}, { labels: { env } }), parent);
          await api.changeJob(uid, (job) => {
            job.state = state;
          });
          api.now += pauseMs;
        }
        const parent = `projects/p1/locations/${location}`;
        const found = await listAll(api, parent, { filter, orderBy, pageSize: String(pageSize) });
        const all = await listAll(api, parent, { orderBy });
        expect(found).toEqual(all.filter(compileFilter(filter, jobFields)));
      },
    ),
    { numRuns: 150 },
  );
});

it('looks at the jobs of those states alone', async () => {
  const api = new ApiUnderTest(memoryStore());
  const rare = await api.create('rare');
  await api.changeJob(rare, (job) => {
    job.state = 'RUNNING';
  });
  for (let at = 0; at < 2001; at += 1) await api.create(`job-${at}`);
  const { json } = await api.send('GET', 'projects/p1/locations/-/jobs?filter=state%3DRUNNING');
  expect(json.jobs).toHaveLength(1);
  expect(json).not.toHaveProperty('nextPageToken');
});
