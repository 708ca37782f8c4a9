import type { AgentAction } from '../../../../agent/core/agent-event.ts';
import { ApiError } from '../../../contract/error.ts';
import type { ReportAgentStateResponse } from '../../../contract/report.ts';
import { ServiceDownError } from '../service/service-life.ts';
import type { VirtualService } from '../service/virtual-service.ts';
import type { World } from '../world.ts';

type Report = AgentAction & { type: 'sendReport' };

/** What became of a report, as the agent's client tells it. */
export type Result =
  | { readonly type: 'answered'; readonly response: ReportAgentStateResponse }
  | { readonly type: 'failed' }
  | { readonly type: 'refused' };

const ANSWER_MS = 20_000;
const LATE_MS = 60_000;
const refusals: readonly string[] = [
  'FAILED_PRECONDITION',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'NOT_FOUND',
];

/** The way from one node to the service and back: reports and answers are slow, get lost, and come twice or late. */
export class ReportLink {
  readonly #world: World;
  readonly #service: VirtualService;
  readonly #token: string;
  readonly #instance: string;
  /** Until then nothing gets through in either direction. */
  #cutUntil = 0;

  constructor(world: World, service: VirtualService, node: { token: string; instance: string }) {
    this.#world = world;
    this.#service = service;
    this.#token = node.token;
    this.#instance = node.instance;
  }

  get isCut(): boolean {
    return this.#world.clock.now() < this.#cutUntil;
  }

  cut(ms: number): void {
    this.#cutUntil = Math.max(this.#cutUntil, this.#world.clock.now() + ms);
  }

  /** Sends a report; `hear` is told once what became of it. */
  send({ report, body, waitSeconds }: Report, hear: (result: Result) => void): void {
    const { clock, faults, random, tally, trace } = this.#world;
    tally.add('reports');
    let isHeard = false;
    const hearOnce = (result: Result) => {
      if (isHeard) return;
      isHeard = true;
      callOff();
      hear(result);
    };
    const callOff = clock.after(ANSWER_MS + waitSeconds * 1000, () => hearOnce({ type: 'failed' }));
    const text = JSON.stringify(body);
    const said = (body.agentInfo?.tasks ?? []).map(
      ({ taskId, runnable, taskStatus }) => `${taskId}@${runnable ?? 0}=${taskStatus?.state}`,
    );
    trace.add(() => `${this.#instance} sends report ${report} ${body.agentInfo?.state}: ${said.join(' ')}`);
    const broken = () => {
      // Mostly a broken connection is noticed soon; otherwise only by the time that it takes.
      if (random.chance(0.8)) clock.after(random.between(1, 2_000), () => hearOnce({ type: 'failed' }));
    };
    if (faults.strikes('report repeated')) this.#deliver(text, report, waitSeconds, LATE_MS, () => undefined);
    if (faults.strikes('report lost')) {
      broken();
      return;
    }
    const lateMs = faults.strikes('report late') ? LATE_MS : 0;
    this.#deliver(text, report, waitSeconds, lateMs, (result) => {
      if (result === undefined || faults.strikes('answer lost')) return broken();
      const ms = faults.strikes('answer late') ? random.between(100, 30_000) : random.between(1, 15);
      clock.after(ms, () => (this.isCut ? broken() : hearOnce(result)));
    });
  }

  /** Brings one copy of a report to the service; `answered` is told undefined when it did not get there. */
  #deliver(
    text: string,
    report: number,
    waitSeconds: number,
    lateMs: number,
    answered: (result: Result | undefined) => void,
  ): void {
    const { clock, random, trace } = this.#world;
    const ms = lateMs > 0 ? random.wait(lateMs / 10) : random.between(1, 15);
    clock.after(Math.min(ms, LATE_MS), () => {
      if (this.isCut) return answered(undefined);
      void this.#ask(text, waitSeconds).then((result) => {
        trace.add(() => `report ${report} of ${this.#instance} is ${describe(result)}`);
        answered(result);
      });
    });
  }

  async #ask(text: string, waitSeconds: number): Promise<Result> {
    const headers = {
      authorization: `Bearer ${this.#token}`,
      ...(waitSeconds > 0 ? { prefer: `wait=${waitSeconds}` } : {}),
    };
    try {
      const response = await this.#service.do((life) => life.answer(headers, JSON.parse(text)));
      return { type: 'answered', response: JSON.parse(JSON.stringify(response)) };
    } catch (error) {
      if (error instanceof ServiceDownError) return { type: 'failed' };
      if (error instanceof ApiError && refusals.includes(error.status)) return { type: 'refused' };
      this.#world.verdict.broken('every report is answered', String(error));
      return { type: 'failed' };
    }
  }
}

function describe(result: Result): string {
  if (result.type !== 'answered') return result.type;
  const told = (result.response.tasks ?? []).map(
    ({ task, intendedState, reachedBarrier }) => `${task}:${intendedState}/${reachedBarrier ?? ''}`,
  );
  return `answered: ${told.join(' ')}`;
}
