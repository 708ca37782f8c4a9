import type { Job } from '../../shared/contract/job.ts';
import { logPageSchema } from '../../shared/contract/log-entries.ts';
import { progressSchema } from '../../shared/contract/progress.ts';
import type { NodeLaunch } from '../../shared/core/fargate/node-launch.ts';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import type { JobRecord } from '../../shared/core/job/job-record.ts';
import { groupKey, jobIndex, jobKey, seatKey, taskKey } from '../../shared/core/keys.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { TaskRecord } from '../../shared/core/task/task-record.ts';
import type { LogEntry, LogQuery } from '../../shared/ports/log-reader.ts';
import type { Key, Store } from '../../shared/ports/store.ts';
import { planJob } from '../plan-job/plan-job.ts';
import type { JobsApiDeps } from './api-ports.ts';
import { handleRequest } from './routes.ts';

export const PARENT = 'projects/p1/locations/us-central1';
export const START = Date.parse('2026-11-22T14:00:00Z');

/** The smallest job that is accepted. */
export function aJob(group: object = {}, job: object = {}): Job {
  const taskSpec = { runnables: [{ script: { text: 'true' } }] };
  return { taskGroups: [{ taskSpec, ...group }], ...job };
}

/** How the nodes of planned jobs run. */
const launch: NodeLaunch = {
  taskDefinition: 'arn:task-definition/sluice-node-1:1',
  capacityProvider: 'FARGATE_SPOT',
  subnets: ['subnet-1'],
  securityGroups: ['sg-1'],
  publicIp: true,
  tags: { 'batch-job-id': 'job' },
  machineType: 'fargate-2-4096',
};

/** The API over a store with a clock that stands still, and a hand on the records behind it, for tests. */
export class ApiUnderTest {
  now = START;
  readonly store: Store;
  readonly deps: JobsApiDeps;
  readonly errors: unknown[] = [];
  readonly log: LogEntry[] = [];

  constructor(store: Store, overrides: Partial<JobsApiDeps> = {}) {
    this.store = store;
    let seed = 1;
    this.deps = {
      store,
      clock: {
        now: () => this.now,
        after: (_, then) => {
          queueMicrotask(then);
          return () => undefined;
        },
      },
      random: () => {
        seed = (seed * 48271) % 2147483647;
        return seed / 2147483647;
      },
      logs: {
        delayMs: 5_000,
        read: async (query) => this.#readLog(query),
        tail: async ({ groupId, task, lines }) =>
          this.log.filter((entry) => entry.taskGroup === groupId && entry.task === task).slice(-lines),
        remove: async () => undefined,
      },
      capacity: { nodeCores: 1, maxNodes: 100 },
      limits: { deployment: {}, projects: {} },
      locations: ['us-central1', 'europe-west1'],
      checkCapabilities: () => undefined,
      capabilityNotes: () => [],
      reportState: async () => ({}),
      logError: (error) => this.errors.push(error),
      ...overrides,
    };
  }

  /** A request below `/v1/`, or below another version when the path begins with a slash. */
  async send(method: string, pathAndQuery: string, body?: unknown, headers: Record<string, string> = {}) {
    const [path = '', query = ''] = pathAndQuery.split('?');
    const answer = await handleRequest(this.deps, {
      method,
      path: path.startsWith('/') ? path : `/v1/${path}`,
      query: new URLSearchParams(query),
      headers,
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    });
    if (answer.status === 200) checkForm(path, JSON.parse(answer.body));
    return {
      status: answer.status,
      json: JSON.parse(answer.body),
      text: answer.body,
      headers: answer.headers,
    };
  }

  /** Creates a job and returns its uid. */
  async create(jobId: string, job: Job = aJob(), parent = PARENT): Promise<string> {
    const { status, json } = await this.send('POST', `${parent}/jobs?jobId=${jobId}`, job);
    if (status !== 200) throw new Error(`create ${jobId}: ${JSON.stringify(json)}`);
    return json.uid;
  }

  /** Admits a job and plans it with `seats` seats, whose nodes run as a plan on Fargate may say. */
  async planOnFargate(uid: string, seats = 1): Promise<void> {
    await this.plan(uid, seats);
    await this.changeGroup(uid, (group) => Object.assign(group, { launch }));
  }

  /** Admits a job and plans it with `seats` seats. */
  async plan(uid: string, seats = 1): Promise<void> {
    await this.changeJob(uid, (job) => {
      job.state = 'SCHEDULED';
    });
    await planJob(this.deps, { nodeCores: 1, maxNodes: seats }, uid);
  }

  changeJob(uid: string, change: (job: JobRecord) => void): Promise<void> {
    return this.#change<JobRecord>(jobKey(uid), change);
  }

  changeGroup(uid: string, change: (group: GroupRecord) => void): Promise<void> {
    return this.#change<GroupRecord>(groupKey(uid, 'group0'), change);
  }

  changeSeat(uid: string, seat: number, change: (seat: SeatRecord) => void): Promise<void> {
    return this.#change<SeatRecord>(seatKey(uid, 'group0', seat), change);
  }

  async readSeat(uid: string, seat: number): Promise<SeatRecord> {
    const item = await this.store.get<SeatRecord>(seatKey(uid, 'group0', seat));
    if (item === undefined) throw new Error(`no seat ${seat}`);
    return item.body;
  }

  putTask(uid: string, record: TaskRecord): Promise<void> {
    return this.store.commit([{ ...taskKey(uid, 'group0', record.index), body: record, ifVersion: 0 }]);
  }

  async #change<Body extends object>(key: Key, change: (body: Body) => void): Promise<void> {
    const item = await this.store.get<Body>(key);
    if (item === undefined) throw new Error(`nothing at ${key.pk} ${key.sk}`);
    change(item.body);
    const index = key.sk === 'job' ? { index: jobIndex(item.body as unknown as JobRecord) } : {};
    await this.store.commit([{ ...key, body: item.body, ifVersion: item.version, ...index }]);
  }

  #readLog({ groupId, task, limit, cursor = '0' }: LogQuery) {
    const mine = this.log.filter(
      (entry) =>
        (groupId === undefined || entry.taskGroup === groupId) && (task === undefined || entry.task === task),
    );
    const entries = mine.slice(Number(cursor), Number(cursor) + limit);
    return { entries, cursor: String(Number(cursor) + entries.length) };
  }
}

/** Answers that are ours alone are held to their schemas, in every test that asks for one. */
function checkForm(path: string, json: unknown): void {
  if (path.endsWith('/progress')) progressSchema.parse(json);
  if (path.endsWith('/logEntries')) logPageSchema.parse(json);
}

/** The node that sits in a seat under test. */
export const aNode = { instance: 'node-1', instanceId: '1234', zone: 'local-a', machineType: 'local' };
