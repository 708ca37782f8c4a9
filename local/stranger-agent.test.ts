import { execFile } from 'node:child_process';
import { expect, it } from 'vitest';
import { eventually } from './testing/served-process.ts';
import { serviceForTest } from './testing/service-for-test.ts';

// An agent written from the page on `state:report` alone: nothing of ours is imported for it.
interface Wanted {
  report: string;
  header: string;
  agentInfo: object;
  metadata: object;
}
interface Given {
  task: string;
  intendedState: string;
  reachedBarrier?: string;
  spec?: Spec;
}
interface Spec {
  runnables: { script?: { text?: string }; barrier?: object }[];
  environment?: { variables?: Record<string, string> };
}
interface Held {
  spec: Spec;
  state: string;
  runnable: number;
  reachedBarrier: number;
  exitCode?: number;
}

class StrangersAgent {
  readonly #wanted: Wanted;
  readonly #held = new Map<string, Held>();
  mostAtOnce = 0;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  /** Reports until the service says that nothing is left. */
  async serve(): Promise<string> {
    for (let state = 'AGENT_STARTING'; ; state = 'AGENT_RUNNING') {
      const tasks = [...this.#held].map(([taskId, { state: taskState, runnable, exitCode }]) => ({
        taskId,
        runnable: String(runnable),
        taskStatus: {
          state: taskState,
          statusEvents:
            exitCode === undefined
              ? []
              : [
                  {
                    type: 'ended',
                    taskState,
                    eventTime: new Date().toISOString(),
                    taskExecution: { exitCode },
                  },
                ],
        },
      }));
      const [name = '', value = ''] = this.#wanted.header.split(': ');
      const response = await fetch(this.#wanted.report.replace('POST ', ''), {
        method: 'POST',
        headers: { [name]: value, 'content-type': 'application/json' },
        body: JSON.stringify({
          agentInfo: { ...this.#wanted.agentInfo, state, reportTime: new Date().toISOString(), tasks },
          metadata: this.#wanted.metadata,
        }),
      });
      const answer = (await response.json()) as { tasks?: Given[]; error?: { status: string } };
      if (answer.error) return answer.error.status;
      for (const given of answer.tasks ?? []) this.#take(given);
      await new Promise((next) => setTimeout(next, 20));
    }
  }

  #take({ task, intendedState, reachedBarrier, spec }: Given): void {
    const held = this.#held.get(task);
    if (intendedState === 'DELETED') this.#held.delete(task);
    else if (held) held.reachedBarrier = Number(reachedBarrier ?? 0);
    else if (intendedState === 'ASSIGNED' && spec) {
      const taken = { spec, state: 'ASSIGNED', runnable: 0, reachedBarrier: Number(reachedBarrier ?? 0) };
      this.#held.set(task, taken);
      void this.#run(taken);
    }
  }

  async #run(task: Held): Promise<void> {
    task.state = 'RUNNING';
    for (const [at, runnable] of task.spec.runnables.entries()) {
      task.runnable = at + 1;
      if (runnable.barrier) {
        await eventually('the barrier opens', () => task.reachedBarrier >= at + 1);
        continue;
      }
      const busy = [...this.#held.values()].filter(
        (other) => other.state === 'RUNNING' && !atBarrier(other),
      ).length;
      this.mostAtOnce = Math.max(this.mostAtOnce, busy);
      const code = await shell(runnable.script?.text ?? '', task.spec.environment?.variables ?? {});
      if (code !== 0) {
        task.exitCode = code;
        task.state = 'FAILED';
        return;
      }
    }
    task.state = 'SUCCEEDED';
  }
}

const atBarrier = (task: Held) => task.spec.runnables[task.runnable - 1]?.barrier !== undefined;

function shell(text: string, variables: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', text], { env: { ...process.env, ...variables } }, (error) =>
      resolve(error === null ? 0 : Number(error.code ?? 1)),
    );
  });
}

const { api, log } = serviceForTest({ agents: 'none' });

it("a stranger's agent serves a job with a barrier, retries and a failure, within the parallelism", async () => {
  const text =
    'sleep 0.05; if [ "$BATCH_TASK_INDEX" = 4 ] && [ "$BATCH_TASK_RETRY_ATTEMPT" = 0 ]; then exit 3; fi';
  const runnables = [
    { script: { text } },
    { barrier: {} },
    { script: { text: 'test "$BATCH_TASK_INDEX" != 5 || exit 8' } },
  ];
  const lifecyclePolicies = [{ action: 'FAIL_TASK', actionCondition: { exitCodes: [8] } }];
  const taskSpec = { runnables, maxRetryCount: 1, lifecyclePolicies };
  await api().createJob('stranger', {
    taskGroups: [{ taskCount: 6, parallelism: 2, taskCountPerNode: 2, taskSpec }],
  });
  await eventually('a node is wanted', () => log.some((line) => line.includes('nodeWanted')));
  const wanted = JSON.parse(log.find((line) => line.includes('nodeWanted')) ?? '') as Wanted;
  const agent = new StrangersAgent(wanted);
  expect(await agent.serve()).toBe('FAILED_PRECONDITION');
  const [handle] = [await api().getJob('stranger')];
  expect(handle.status?.taskGroups?.group0?.counts).toEqual({ SUCCEEDED: '5', FAILED: '1' });
  expect(agent.mostAtOnce).toBe(2);
  const tasks = await api().tasks('stranger');
  expect(tasks[4]?.status?.statusEvents?.map((event) => event.taskExecution?.exitCode)).toContain(3);
  expect(tasks[5]?.status?.state).toBe('FAILED');
}, 60_000);
