import type { Task } from '@aws-sdk/client-ecs';
import { type EngineClient, EngineError } from '../../agent/container/docker/engine-client.ts';
import { findEngine } from '../../agent/container/docker/find-engine.ts';

/** A container of an ECS task that runs. */
interface NodeContainer {
  readonly Id: string;
  readonly Names: readonly string[];
}

/** The containers of an ECS task that run. */
export function containersOf(task: Task): Promise<readonly NodeContainer[]> {
  return withEngine((engine) => running(engine, task));
}

/** Kills the containers of an ECS task, as the loss of a machine does. */
export function killNode(task: Task): Promise<void> {
  return withEngine(async (engine) => {
    const containers = await running(engine, task);
    if (containers.length === 0) throw new Error(`no container of ${task.taskArn} runs`);
    for (const { Id: id } of containers) await kill(engine, id);
  });
}

/** Kills one container of an ECS task, by its name in the task definition. */
export function killContainer(task: Task, name: string): Promise<void> {
  return withEngine(async (engine) => {
    const containers = await running(engine, task);
    const one = containers.find(({ Names: names }) => names.some((each) => each.endsWith(`-${name}`)));
    if (one === undefined) throw new Error(`no container ${name} of ${task.taskArn} runs`);
    await kill(engine, one.Id);
  });
}

function running(engine: EngineClient, { taskArn }: Task): Promise<NodeContainer[]> {
  const filters = { label: [`com.amazonaws.ecs.task-arn=${taskArn}`] };
  return engine.call('GET', '/containers/json', { query: { filters } });
}

/** One that has ended because another was killed is gone all the same. */
async function kill(engine: EngineClient, id: string): Promise<void> {
  await engine.call('POST', `/containers/${id}/kill`).catch((error: unknown) => {
    if (!(error instanceof EngineError && (error.status === 409 || error.status === 404))) throw error;
  });
}

async function withEngine<Result>(act: (engine: EngineClient) => Promise<Result>): Promise<Result> {
  const engine = await findEngine(process.env);
  if (typeof engine === 'string') throw new Error(engine);
  try {
    return await act(engine);
  } finally {
    engine.close();
  }
}
