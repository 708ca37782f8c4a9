import { finishJob } from '../../functions/finish-job/finish-job.ts';
import { planJob } from '../../functions/plan-job/plan-job.ts';
import type { NodePlace } from '../../functions/run-nodes/launch-node.ts';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { groupKey } from '../../shared/core/keys.ts';
import type { Capacity } from '../../shared/core/plan.ts';
import type { Clock, Random } from '../../shared/ports/clock.ts';
import type { LogReader } from '../../shared/ports/log-reader.ts';
import type { NodeLauncher } from '../../shared/ports/node-launcher.ts';
import type { Store } from '../../shared/ports/store.ts';
import { SeatRun } from './seat-run.ts';

export interface RunPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logs: LogReader;
  readonly launcher: NodeLauncher;
  readonly capacity: Capacity;
  readonly place: NodePlace;
  /** A node that has not reported for so long is lost. */
  readonly nodeSilenceMs: number;
  /** How long nodes have to go by themselves when their group has ended, before they are killed. */
  readonly nodeGraceMs: number;
  /** Stops a group whose nodes are lost again and again. */
  readonly giveUp: (group: GroupRecord, seat: number, reason: string) => Promise<void>;
  readonly log: (line: string) => void;
}

/** One job from its plan to its end. */
export class JobRun {
  readonly #ports: RunPorts;
  readonly #jobUid: string;
  readonly #begun = new Map<string, PromiseWithResolvers<void>>();
  readonly #ended = new Map<string, PromiseWithResolvers<void>>();
  readonly #seats: SeatRun[] = [];
  #abandoned = false;

  constructor(ports: RunPorts, jobUid: string) {
    this.#ports = ports;
    this.#jobUid = jobUid;
  }

  async run(): Promise<void> {
    const groups = await planJob(this.#ports, this.#ports.capacity, this.#jobUid);
    for (const group of groups) {
      if (group.endedAt !== undefined) this.groupEnded(group.groupId);
      if (group.waitsFor === undefined) this.groupReady(group.groupId);
      for (let seat = 0; seat < group.seatCount; seat += 1) {
        const begin = this.#ready(group.groupId).promise;
        this.#seats.push(new SeatRun(this.#ports, group, seat, begin, this.#end(group.groupId).promise));
      }
    }
    if (this.#abandoned) return;
    const nodes = Promise.all(this.#seats.map((seat) => seat.run()));
    // The group may have got its turn, or ended, between its plan being read and now.
    for (const group of groups) await this.#check(group);
    await Promise.all([...groups.map((group) => this.#end(group.groupId).promise), nodes]);
    if (!this.#abandoned) await finishJob(this.#ports, this.#jobUid);
  }

  /** The groups that this one waited for are as it needs them. */
  groupReady(groupId: string): void {
    this.#ready(groupId).resolve();
  }

  /** No task of the group is left: its nodes go now. */
  groupEnded(groupId: string): void {
    this.#end(groupId).resolve();
  }

  /** Stops looking after the nodes without ending them. */
  abandon(): void {
    this.#abandoned = true;
    for (const seat of this.#seats) seat.abandon();
    for (const end of this.#ended.values()) end.resolve();
  }

  async #check({ jobUid, groupId }: GroupRecord): Promise<void> {
    const group = await this.#ports.store.get<GroupRecord>(groupKey(jobUid, groupId));
    if (group === undefined || group.body.endedAt !== undefined) this.groupEnded(groupId);
    if (group?.body.waitsFor === undefined) this.groupReady(groupId);
  }

  #ready(groupId: string): PromiseWithResolvers<void> {
    const ready = this.#begun.get(groupId) ?? Promise.withResolvers<void>();
    this.#begun.set(groupId, ready);
    return ready;
  }

  #end(groupId: string): PromiseWithResolvers<void> {
    const end = this.#ended.get(groupId) ?? Promise.withResolvers<void>();
    this.#ended.set(groupId, end);
    return end;
  }
}
