import type { AgentAction, AgentEvent } from '../../../../agent/core/agent-event.ts';
import { type AgentState, agentSettings, newAgent } from '../../../../agent/core/agent-state.ts';
import { step } from '../../../../agent/core/step.ts';
import type { NodeHandle, NodeRequest } from '../../../ports/node-launcher.ts';
import type { VirtualService } from '../service/virtual-service.ts';
import type { World } from '../world.ts';
import { FakeRunner } from './fake-runner.ts';
import { ReportLink } from './report-link.ts';
import type { RunWatch } from './run-watch.ts';

/** One machine with the real agent on it. It dies, is cut off, and is sometimes thought gone while it lives on. */
export class VirtualNode implements NodeHandle {
  readonly request: NodeRequest;
  readonly runner: FakeRunner;
  readonly link: ReportLink;
  readonly #world: World;
  readonly #watch: RunWatch;
  readonly #gone = Promise.withResolvers<void>();
  readonly #events: AgentEvent[] = [];
  #state: AgentState | undefined;
  #isTaking = false;
  #isUp = true;
  #isDeclaredGone = false;
  #isLeaving = false;
  #callOffTick: () => void = () => undefined;

  constructor(world: World, request: NodeRequest, service: VirtualService, watch: RunWatch) {
    this.#world = world;
    this.request = request;
    this.#watch = watch;
    this.link = new ReportLink(world, service, request);
    this.runner = new FakeRunner(world, request.instance, watch, (event) => this.take(event));
  }

  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  /** Whether the machine still runs, whatever anybody thinks. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Whether the launcher has said that the machine is gone. */
  get isDeclaredGone(): boolean {
    return this.#isDeclaredGone;
  }

  /** Whether the agent has been told that its machine goes. */
  get isLeaving(): boolean {
    return this.#isLeaving;
  }

  /** The agent's program begins. */
  boot(): void {
    if (!this.#isUp) return;
    const { jobId, groupId, instance, instanceId, zone, machineType } = this.request;
    const settings = agentSettings({
      jobId,
      taskGroupId: groupId,
      metadata: { instance, instanceId, zone, machineType },
      random: () => this.#world.random.next(),
    });
    this.#state = newAgent(settings, this.#world.clock.now());
    this.take({ type: 'started' });
  }

  /** Takes in an event; those that come while another is being taken in wait for it. */
  take(event: AgentEvent): void {
    // Before its agent runs, nobody on a machine hears anything.
    if (this.#state === undefined) return;
    if (event.type === 'preemptionNotice' || event.type === 'stopRequested') this.#isLeaving = true;
    this.#events.push(event);
    if (this.#isTaking) return;
    this.#isTaking = true;
    for (let next = this.#events.shift(); next !== undefined && this.#isUp; next = this.#events.shift()) {
      this.#step(this.#state, next);
    }
    this.#isTaking = false;
  }

  kill(): void {
    const { faults, random, trace, clock } = this.#world;
    if (this.link.isCut && faults.strikes('gone node lives on')) {
      trace.add(() => `${this.request.instance} is killed out of reach, and lives on`);
      this.declareGone();
      return;
    }
    clock.after(random.between(0, 30), () => this.end('killed by the service'));
  }

  /** The machine and all that it runs are gone; soon that is known. */
  end(how: string): void {
    if (!this.#isUp) return;
    this.#world.trace.add(() => `${this.request.instance} is gone: ${how}`);
    this.#isUp = false;
    this.#callOffTick();
    this.runner.vanish();
    this.#world.clock.after(this.#world.random.between(1, 200), () => this.declareGone());
  }

  declareGone(): void {
    this.#isDeclaredGone = true;
    this.#gone.resolve();
  }

  #step(state: AgentState, event: AgentEvent): void {
    const { actions } = step(state, event, this.#world.clock.now());
    for (const action of actions) this.#perform(state, action);
    this.#watch.stepped(this.request.instance, state);
  }

  #perform(state: AgentState, action: AgentAction): void {
    if (!this.#isUp) return;
    switch (action.type) {
      case 'startRunnable':
        this.runner.start(action.task, action.runnable, action.step);
        return;
      case 'killRunnable':
        this.runner.kill(action.taskId, action.runnable, action.signal);
        return;
      case 'sendReport':
        this.#report(state, action);
        return;
      case 'armTimer':
        this.#arm(action.at);
        return;
      case 'exit':
        this.#expectNothing(() => true, 'ends');
        this.end(`its agent ended with ${action.code}`);
        return;
      case 'removeTask':
        this.#expectNothing((taskId) => taskId === action.taskId, `forgets ${action.taskId}`);
        return;
      case 'assigned':
        return;
    }
  }

  #report(state: AgentState, action: AgentAction & { type: 'sendReport' }): void {
    const { report } = action;
    this.link.send(action, (result) => {
      // A report that a later one replaced has nothing to say.
      if (!this.#isUp || report !== state.report.sent) return;
      if (result.type === 'answered') this.take({ type: 'answered', report, response: result.response });
      else this.take(result.type === 'refused' ? { type: 'toldToStop' } : { type: 'reportFailed', report });
    });
  }

  #arm(at: number): void {
    this.#callOffTick();
    const { clock } = this.#world;
    this.#callOffTick = clock.after(at - clock.now(), () => this.take({ type: 'tick' }));
  }

  #expectNothing(of: (taskId: string) => boolean, when: string): void {
    const left = this.runner.processes.filter(({ taskId }) => of(taskId));
    this.#world.verdict.expect(left.length === 0, 'an agent leaves no process behind', () => {
      const names = left.map(({ taskId, runnable }) => `${taskId} runnable ${runnable}`);
      return `${this.request.instance} ${when} while ${names.join(', ')} still run`;
    });
  }
}
