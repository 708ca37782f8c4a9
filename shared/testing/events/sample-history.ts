import type { RecordChange } from '../../core/events/record-change.ts';
import type { GroupRecord } from '../../core/group/group-record.ts';
import { every } from '../../core/index-runs.ts';
import { moveJob } from '../../core/job/job-events.ts';
import type { JobRecord } from '../../core/job/job-record.ts';
import type { JobEvent } from '../../core/job/job-states.ts';
import { groupKey, jobKey, seatKey, taskKey } from '../../core/keys.ts';
import { nodeStates } from '../../core/node/node-states.ts';
import { applyReport } from '../../core/seat/apply-report.ts';
import { assign } from '../../core/seat/assign.ts';
import { closeEpoch, loseTasks } from '../../core/seat/lose-node.ts';
import { newSeat, type SeatRecord } from '../../core/seat/seat-record.ts';
import type { TaskReport } from '../../core/seat/take-in-task.ts';
import { applyTaskChange, type TaskChange, type TaskRecord } from '../../core/task/task-record.ts';

/**
 * A job as the service would have written it, in virtual seconds: its records and their changes, made by the same
 * decisions. The samples in the documentation and tests are what this history tells.
 */
export class SampleHistory {
  readonly changes: (RecordChange & { readonly seq: number })[] = [];
  readonly job: JobRecord;
  readonly group: GroupRecord;
  readonly seats: SeatRecord[];
  readonly #bodies = new Map<string, unknown>();
  readonly #tasks = new Map<number, TaskRecord>();
  #now: number;

  constructor(
    jobId: string,
    seatCount: number,
    taskCount: number,
    begin = Date.UTC(2026, 8, 18, 16, 11, 37),
  ) {
    this.#now = begin;
    const uid = `${jobId}-1f6e02c4-9a3d-40b57`;
    const place = { project: 'my-project', location: 'us-central1', jobId };
    const computeResource = { cpuMilli: '2000', memoryMib: '4096' };
    this.job = {
      uid,
      ...place,
      spec: {
        priority: '10',
        labels: { env: 'prod', team: 'search' },
        taskGroups: [{ taskSpec: { computeResource } }],
      },
      createdAt: begin,
      updatedAt: begin,
      state: 'QUEUED',
      events: [],
      operations: [],
      cpuGiven: [true],
    };
    const barriers: number[] = [];
    const retry = { maxRetryCount: 1 };
    const shape = { taskCount, seatCount, taskPack: 2, barriers, reachedBarrier: 0, retry, failFast: false };
    this.group = { jobUid: uid, groupId: 'group0', ...place, ...shape };
    this.seats = Array.from({ length: seatCount }, (_, seat) =>
      newSeat({
        jobUid: uid,
        groupId: 'group0',
        seat,
        slots: 2,
        unstarted: every(seat, seatCount, taskCount),
      }),
    );
    this.#writeJob();
  }

  /** Lets seconds pass. */
  after(seconds: number): this {
    this.#now += seconds * 1000;
    return this;
  }

  move(event: JobEvent): this {
    moveJob(this.job, event, this.#now);
    if (['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(this.job.state)) this.job.finishedAt = this.#now;
    if (event === 'task-started') {
      this.group.begunAt = this.#now;
      this.#write(groupKey(this.job.uid, 'group0'), this.group);
    }
    return this.#writeJob();
  }

  plan(): this {
    for (const seat of this.seats) this.#writeSeat(seat);
    return this.#write(groupKey(this.job.uid, 'group0'), this.group);
  }

  launch(number: number): this {
    const seat = this.seat(number);
    seat.epoch += 1;
    seat.state = nodeStates.move(seat.state, 'launched');
    seat.nodeSince = this.#now;
    delete seat.lastReportAt;
    const instance = `${this.job.uid}-group0-${number}-k3x${seat.epoch}`;
    const instanceId = `40115566778899${number}${seat.epoch}`;
    seat.node = { instance, instanceId, zone: 'us-central1-a', machineType: 'fargate' };
    return this.#writeSeat(seat);
  }

  /** A report, and the answer with up to `given` further tasks: one commit. */
  report(number: number, tasks: readonly TaskReport[], given = 0, preempted = false): this {
    const seat = this.seat(number);
    const { node } = seat;
    if (node === undefined) return this;
    const { changes } = applyReport(
      seat,
      this.group,
      { node, stopped: false, preempted, tasks },
      this.#now,
      100,
    );
    if (this.group.stop === undefined) assign(seat, this.group, given, this.#now);
    return this.#writeSeat(seat).#writeTasks(changes);
  }

  lose(number: number): this {
    const seat = this.seat(number);
    const changes = loseTasks(seat, this.group, 'SILENT', this.#now, 100);
    closeEpoch(seat, this.#now);
    return this.#writeSeat(seat).#writeTasks(changes);
  }

  endGroup(): this {
    this.group.endedAt = this.#now;
    return this.#write(groupKey(this.job.uid, 'group0'), this.group);
  }

  /** What an agent says of a task that began and ended some seconds ago. */
  said(index: number, state: TaskReport['state'], given: Partial<TaskReport> = {}): TaskReport {
    const startedAt = this.#now - 2500;
    const ended = state === 'SUCCEEDED' || state === 'FAILED' ? { endedAt: this.#now - 500 } : {};
    return { index, attempt: 0, state, runnable: 1, events: [], startedAt, ...ended, ...given };
  }

  seat(number: number): SeatRecord {
    const seat = this.seats[number];
    if (seat === undefined) throw new Error(`there is no seat ${number}`);
    return seat;
  }

  #writeTasks(changes: readonly TaskChange[]): this {
    for (const change of changes) {
      const record = applyTaskChange(this.#tasks.get(change.index), change);
      this.#tasks.set(change.index, record);
      this.#write(taskKey(this.job.uid, 'group0', change.index), record);
    }
    return this;
  }

  #writeSeat(seat: SeatRecord): this {
    return this.#write(seatKey(this.job.uid, 'group0', seat.seat), seat);
  }

  #writeJob(): this {
    return this.#write(jobKey(this.job.uid), this.job);
  }

  #write(key: { pk: string; sk: string }, body: object): this {
    const name = `${key.pk} ${key.sk}`;
    const before = this.#bodies.get(name);
    const after = structuredClone(body);
    this.#bodies.set(name, after);
    this.changes.push({
      ...key,
      seq: this.changes.length + 1,
      ...(before === undefined ? {} : { before }),
      after,
    });
    return this;
  }
}
