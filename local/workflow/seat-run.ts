import { launchNode } from '../../functions/run-nodes/launch-node.ts';
import { loseNode } from '../../functions/run-nodes/lose-node.ts';
import { noteOnRunningJob } from '../../functions/run-nodes/note-on-job.ts';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { seatKey } from '../../shared/core/keys.ts';
import { pauseBeforeNode, whyGivenUp } from '../../shared/core/seat/seat-losses.ts';
import { unfinished } from '../../shared/core/seat/seat-progress.ts';
import { hasNode, type SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { NodeHandle } from '../../shared/ports/node-launcher.ts';
import type { RunPorts } from './job-run.ts';

/** Keeps one seat of a group taken: a node that is lost is replaced, one epoch later, until the group has ended. */
export class SeatRun {
  readonly #ports: RunPorts;
  readonly #group: GroupRecord;
  readonly #seat: number;
  readonly #begin: Promise<void>;
  readonly #groupEnd: Promise<void>;
  #ended = false;
  #abandoned = false;

  /** Nothing happens before `begin`, the turn of the group; `groupEnd` sends its nodes home. */
  constructor(
    ports: RunPorts,
    group: GroupRecord,
    seat: number,
    begin: Promise<void>,
    groupEnd: Promise<void>,
  ) {
    this.#ports = ports;
    this.#group = group;
    this.#seat = seat;
    this.#begin = begin;
    this.#groupEnd = groupEnd.then(() => {
      this.#ended = true;
    });
  }

  abandon(): void {
    this.#abandoned = true;
    this.#ended = true;
  }

  async run(): Promise<void> {
    await Promise.race([this.#begin, this.#groupEnd]);
    do {
      const seat = await this.#load();
      if (seat === undefined || this.#abandoned) return;
      // A node of an earlier life is looked after to its end, also when its group has ended by now.
      const node = this.#nodeOf(seat) ?? (this.#ended ? undefined : await this.#next(seat));
      if (node === undefined) return this.#groupEnd;
      await this.#watch(node);
      if (this.#abandoned) return;
      // A node that the group's end sent home has nothing left to lose; one that went before has its tasks taken.
      if (!this.#ended) await this.#lose(node.epoch);
    } while (!this.#ended);
  }

  /** Takes the tasks from a node that went too early, and says so in the job's history. */
  async #lose(epoch: number): Promise<void> {
    const { jobUid, groupId } = this.#group;
    const before = await this.#load();
    await loseNode(this.#ports, { jobUid, groupId, seat: this.#seat, epoch }, 'SILENT');
    if (before === undefined || before.epoch !== epoch) return;
    const name = before.node?.instance ?? 'unknown';
    const held = before.active.length;
    const heard = before.lastReportAt === undefined ? 'never reported' : 'no longer reports';
    await noteOnRunningJob(
      this.#ports,
      jobUid,
      `Node ${name} of ${groupId} ${heard} and is taken for lost with ${held} tasks; another one takes its seat.`,
    );
  }

  /** The node that sits here already, from an earlier life of the service. */
  #nodeOf(seat: SeatRecord): { handle: NodeHandle; epoch: number } | undefined {
    if (!hasNode(seat) || seat.node === undefined) return undefined;
    // Without a process of that name the node is gone: an ended handle has it lost and replaced.
    const handle = this.#ports.launcher.adopt(seat.node.instance) ?? {
      gone: Promise.resolve(),
      kill: () => undefined,
    };
    return { handle, epoch: seat.epoch };
  }

  /** Launches the next node; undefined when the seat has nothing left for one, or has lost too many. */
  async #next(seat: SeatRecord): Promise<{ handle: NodeHandle; epoch: number } | undefined> {
    if (unfinished(seat) === 0) return undefined;
    const reason = whyGivenUp(seat);
    if (reason !== undefined) {
      await this.#ports.giveUp(this.#group, this.#seat, reason);
      return undefined;
    }
    await this.#pause(pauseBeforeNode('local', seat.lossesInARow));
    if (this.#ended) return undefined;
    const request = await launchNode(this.#ports, this.#group, this.#seat, this.#ports.place);
    return { handle: await this.#ports.launcher.launch(request), epoch: request.epoch };
  }

  /** Returns when the node is gone: by itself, killed because it fell silent, or killed because it outstayed its group. */
  async #watch({ handle }: { handle: NodeHandle }): Promise<void> {
    const { clock, nodeSilenceMs, nodeGraceMs } = this.#ports;
    let callOff: () => void = () => undefined;
    // A node that is gone is not killed: its process id may be another's by then.
    let isGone = false;
    const kill = () => {
      if (!isGone) handle.kill();
    };
    const check = () => {
      if (this.#ended || isGone) return;
      callOff = clock.after(nodeSilenceMs / 4, () => {
        void this.#isSilent().then((silent) => (silent ? kill() : check()), check);
      });
    };
    check();
    void this.#groupEnd.then(() => {
      callOff();
      if (!this.#abandoned && !isGone) callOff = clock.after(nodeGraceMs, kill);
    });
    await handle.gone;
    isGone = true;
    callOff();
  }

  async #isSilent(): Promise<boolean> {
    const seat = await this.#load();
    const heard = Math.max(seat?.lastReportAt ?? 0, seat?.nodeSince ?? 0);
    return seat !== undefined && this.#ports.clock.now() - heard > this.#ports.nodeSilenceMs;
  }

  async #load(): Promise<SeatRecord | undefined> {
    const { store } = this.#ports;
    return (await store.get<SeatRecord>(seatKey(this.#group.jobUid, this.#group.groupId, this.#seat)))?.body;
  }

  #pause(ms: number): Promise<void> {
    if (ms === 0) return Promise.resolve();
    return Promise.race([new Promise<void>((done) => this.#ports.clock.after(ms, done)), this.#groupEnd]);
  }
}
