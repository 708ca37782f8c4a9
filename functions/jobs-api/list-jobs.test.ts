import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ApiUnderTest, aJob, PARENT } from './api-under-test.ts';

const ALL = 'projects/p1/locations/-';

async function three(): Promise<ApiUnderTest> {
  const api = new ApiUnderTest(memoryStore());
  for (const [jobId, location, labels] of [
    ['bb', 'us-central1', { env: 'test', 'user-id': 'me' }],
    ['cc', 'europe-west1', {}],
    ['aa', 'us-central1', { env: 'prod' }],
  ] as const) {
    const uid = await api.create(jobId, aJob({}, { labels }), `projects/p1/locations/${location}`);
    if (jobId === 'bb') {
      await api.changeJob(uid, (job) => {
        job.state = 'RUNNING';
      });
    }
    api.now += 1000;
  }
  await api.create('other', aJob(), 'projects/p2/locations/us-central1');
  return api;
}

async function ids(api: ApiUnderTest, parent: string, query: Record<string, string> = {}): Promise<string[]> {
  const { json } = await api.send('GET', `${parent}/jobs?${new URLSearchParams(query)}`);
  if (json.error) throw new Error(json.error.message);
  return json.jobs.map(({ name }: { name: string }) => name.slice(name.lastIndexOf('/') + 1));
}

describe('jobs.list', () => {
  it.each([
    { name: 'newest first', parent: PARENT, query: {}, found: ['aa', 'bb'] },
    { name: 'all locations', parent: ALL, query: {}, found: ['aa', 'cc', 'bb'] },
    { name: 'oldest first', parent: ALL, query: { orderBy: 'create_time' }, found: ['bb', 'cc', 'aa'] },
    { name: 'by name', parent: PARENT, query: { orderBy: 'name' }, found: ['aa', 'bb'] },
    { name: 'by name, locations first', parent: ALL, query: { order_by: 'name' }, found: ['cc', 'aa', 'bb'] },
    { name: 'by name backwards', parent: ALL, query: { orderBy: 'name desc' }, found: ['bb', 'aa', 'cc'] },
    { name: 'a state', parent: ALL, query: { filter: 'status.state="RUNNING"' }, found: ['bb'] },
    {
      name: "dsub's filter",
      parent: ALL,
      query: {
        filter:
          '(status.state="RUNNING" OR status.state="QUEUED") AND (labels."user-id" = "me") AND (createTime >= "2026-01-01T00:00:00+00:00")',
      },
      found: ['bb'],
    },
    { name: 'a label', parent: ALL, query: { filter: 'labels.env:*', orderBy: 'name' }, found: ['aa', 'bb'] },
    {
      name: 'a time',
      parent: ALL,
      query: { filter: 'create_time > "2026-11-22T14:00:01Z"' },
      found: ['aa'],
    },
    { name: 'nothing', parent: 'projects/p3/locations/-', query: {}, found: [] },
  ])('lists $name', async ({ parent, query, found }) => {
    expect(await ids(await three(), parent, query)).toEqual(found);
  });

  it('writes names with the location of each job', async () => {
    const { json } = await (await three()).send('GET', `${ALL}/jobs?orderBy=name&pageSize=1`);
    expect(json.jobs[0].name).toBe('projects/p1/locations/europe-west1/jobs/cc');
    expect(json.jobs[0].taskGroups[0].name).toBe(
      'projects/p1/locations/europe-west1/jobs/cc/taskGroups/group0',
    );
    expect(json.jobs[0].status.taskGroups.group0.counts).toEqual({ PENDING: '1' });
  });

  it.each(['create_time', 'create_time desc', 'name', 'name desc'])(
    'by %s, shows each job once while others come and go',
    async (orderBy) => {
      const api = new ApiUnderTest(memoryStore());
      const jobIds = Array.from({ length: 10 }, (_, at) => `job-${at}`);
      for (const jobId of jobIds) {
        await api.create(jobId);
        api.now += 10;
      }
      const seen: string[] = [];
      let pageToken = '';
      for (let page = 0; page < 20; page += 1) {
        const query = new URLSearchParams({ orderBy, pageToken, pageSize: '3' });
        const { json } = await api.send('GET', `${PARENT}/jobs?${query}`);
        seen.push(...json.jobs.map(({ name }: { name: string }) => name.slice(PARENT.length + 6)));
        pageToken = json.nextPageToken ?? '';
        if (pageToken === '') break;
        expect(json.jobs).toHaveLength(3);
        // Names before, between and after those that are there; times after all.
        await api.create(`a-${page}`);
        await api.create(`job-4-${page}`);
        api.now += 10;
      }
      expect(seen.filter((jobId) => jobIds.includes(jobId)).sort()).toEqual(jobIds);
      expect(new Set(seen).size).toBe(seen.length);
    },
  );

  it('has no token after a last page that is full', async () => {
    const { json } = await (await three()).send('GET', `${ALL}/jobs?pageSize=3`);
    expect(json.jobs).toHaveLength(3);
    expect(json).not.toHaveProperty('nextPageToken');
    expect(json).not.toHaveProperty('unreachable');
  });

  it('looks at 2,000 records a call and goes on with a token', async () => {
    const api = new ApiUnderTest(memoryStore());
    for (let at = 0; at < 2001; at += 1) {
      await api.create(`job-${at}`);
      api.now += 1;
    }
    const path = `${PARENT}/jobs?filter=${encodeURIComponent(`name="*/job-0"`)}`;
    const first = await api.send('GET', path);
    expect(first.json.jobs).toEqual([]);
    const second = await api.send('GET', `${path}&pageToken=${first.json.nextPageToken}`);
    expect(second.json.jobs).toHaveLength(1);
    expect(second.json).not.toHaveProperty('nextPageToken');
  });

  it('keeps to its own parent whatever a token holds', async () => {
    const api = await three();
    const token = Buffer.from(JSON.stringify([1, 'x', 'zz'])).toString('base64url');
    for (const query of [
      `pageToken=${token}`,
      'pageToken=x',
      'filter=stat=1',
      'orderBy=uid',
      'pageSize=-1',
    ]) {
      expect((await api.send('GET', `${PARENT}/jobs?${query}`)).json.error.status).toBe('INVALID_ARGUMENT');
    }
    expect((await api.send('GET', 'projects/-/locations/-/jobs')).json.error.status).toBe('INVALID_ARGUMENT');
  });
});
