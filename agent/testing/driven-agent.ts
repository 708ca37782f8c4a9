import type { AgentTask, AgentTaskInfo, ReportAgentStateResponse } from '../../shared/contract/report.ts';
import type { Runnable } from '../../shared/contract/runnable.ts';
import type { TaskSpec } from '../../shared/contract/task-spec.ts';
import type { AgentAction, AgentEvent } from '../core/agent-event.ts';
import { type AgentSettings, type AgentState, agentSettings, newAgent } from '../core/agent-state.ts';
import { step } from '../core/step.ts';

type Sent = AgentAction & { type: 'sendReport' };

/** The agent's core under a hand-driven clock; every action is kept. */
export class DrivenAgent {
  readonly state: AgentState;
  readonly actions: AgentAction[] = [];
  now = 1_000_000;

  constructor(given: Partial<AgentSettings> = {}) {
    const settings = agentSettings({ jobId: 'j', taskGroupId: 'group0', random: () => 0.5, ...given });
    this.state = newAgent(settings, this.now);
    this.take({ type: 'started' });
  }

  /** An agent that has its assignment, with a report interval of 0 so that it speaks at once. */
  static assigned(
    taskSpec: TaskSpec,
    taskSlots = 1,
    given: Partial<AgentSettings> = {},
    minReportInterval = '0s',
  ): DrivenAgent {
    const agent = new DrivenAgent(given);
    agent.answer({
      assignment: { jobUid: 'u', jobId: 'j', groupId: 'group0', taskSlots, taskSpec },
      minReportInterval,
      defaultReportInterval: '10s',
    });
    return agent;
  }

  /** Takes an event in and returns what it led to. */
  take(event: AgentEvent): AgentAction[] {
    const { actions } = step(this.state, event, this.now);
    this.actions.push(...actions);
    return actions;
  }

  /** Lets time pass, with a tick at every time that the agent asked for. */
  pass(ms: number): AgentAction[] {
    const until = this.now + ms;
    const led: AgentAction[] = [];
    while (this.state.armedAt <= until) {
      this.now = Math.max(this.now, this.state.armedAt);
      const before = this.state.armedAt;
      led.push(...this.take({ type: 'tick' }));
      if (this.state.armedAt === before) throw new Error(`the agent asks for ${before} again and again`);
    }
    this.now = until;
    return led;
  }

  /** The last report sent. */
  get sent(): Sent {
    const sent = this.actions.findLast((action): action is Sent => action.type === 'sendReport');
    if (sent === undefined) throw new Error('no report was sent');
    return sent;
  }

  /** Answers the last report. */
  answer(response: ReportAgentStateResponse = {}): AgentAction[] {
    return this.take({ type: 'answered', report: this.sent.report, response });
  }

  /** Answers the last report with tasks to run. */
  assign(...indices: number[]): AgentAction[] {
    return this.answer({ tasks: indices.map((index) => aTask(index)) });
  }

  exit(index: number, runnable: number, exitCode = 0): AgentAction[] {
    return this.take({ type: 'exited', taskId: taskId(index), runnable, exitCode });
  }

  /** Answers until nothing new is said, and returns what the last report said of a task. */
  reported(index: number): AgentTaskInfo | undefined {
    this.pass(0);
    return this.sent.body.agentInfo?.tasks?.find((task) => task.taskId === taskId(index));
  }

  /** Started runnables, as `task/runnable`. */
  get started(): string[] {
    return this.actions.flatMap((action) =>
      action.type === 'startRunnable' ? [`${action.task.index}/${action.runnable}`] : [],
    );
  }

  /** Signals sent, as `task/runnable SIGNAL`. */
  get killed(): string[] {
    return this.actions.flatMap((action) =>
      action.type === 'killRunnable'
        ? [`${action.taskId.split('-').at(-1)?.split('/')[0]}/${action.runnable} ${action.signal}`]
        : [],
    );
  }

  /** The code with which the agent has ended, if it has. */
  get exitCode(): number | undefined {
    const exit = this.actions.findLast((action) => action.type === 'exit');
    return exit?.type === 'exit' ? exit.code : undefined;
  }
}

export function taskId(index: number, attempt = 0): string {
  return `task/u-group0-${index}/${attempt}/0`;
}

export function aTask(index: number, given: AgentTask = {}): AgentTask {
  return { task: taskId(index), intendedState: 'ASSIGNED', ...given };
}

/** A spec of runnables; a text is a script. */
export function aSpec(runnables: (string | Runnable)[], given: TaskSpec = {}): TaskSpec {
  const list = runnables.map((one) => (typeof one === 'string' ? { script: { text: one } } : one));
  return { runnables: list, ...given };
}

/** A script runnable with other fields. */
export function aScript(given: Runnable = {}): Runnable {
  return { script: { text: 'true' }, ...given };
}

export const aBarrier: Runnable = { barrier: {} };

/** Descriptions of status events. */
export function descriptions(info: AgentTaskInfo | undefined): string[] {
  return (info?.taskStatus?.statusEvents ?? []).flatMap(({ description }) =>
    description === undefined ? [] : [description],
  );
}
