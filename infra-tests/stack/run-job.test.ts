import aslValidator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { type State, type States, statesOf } from '../../cdk/state-machine/asl.ts';
import { type RunFunction, runFunctions } from '../../cdk/state-machine/resources.ts';
import { payloads } from '../../functions/lambda/payloads.ts';
import { definition, resources } from './definition-under-test.ts';

const states = [...statesOf(definition)];
const tasks = states.filter(([, { Type }]) => Type === 'Task');
const parametersOf = (state: State) => state.Parameters as Record<string, unknown>;

function functionOf(state: State): RunFunction | undefined {
  const arn = parametersOf(state).FunctionName;
  return runFunctions.find((name) => resources.functionArns[name] === arn);
}

describe('run-job', () => {
  it('is what the language allows', () => {
    expect(aslValidator(definition as never)).toMatchObject({ isValid: true, errors: [] });
  });

  it('names every state once', () => {
    expect(new Set(states.map(([name]) => name)).size).toBe(states.length);
  });

  it.each(tasks)('%s retries, catches all and ends in time', (_, state) => {
    expect(state.Retry?.length).toBeGreaterThan(0);
    expect(state.Catch?.at(-1)?.ErrorEquals).toEqual(['States.ALL']);
    expect(state.TimeoutSeconds).toBeGreaterThan(0);
  });

  it.each(
    states.flatMap(([name, { Retry: retriers = [] }]) => retriers.map((retrier) => [name, retrier] as const)),
  )('%s waits with full jitter and a bound', (_, retrier) => {
    expect(retrier.JitterStrategy).toBe('FULL');
    expect(retrier.MaxDelaySeconds).toBeGreaterThan(retrier.IntervalSeconds);
    expect(retrier.MaxAttempts).toBeLessThanOrEqual(12);
  });

  it('knows throttling and the lack of capacity by all their names', () => {
    const [, runNode] = tasks.find(([name]) => name === 'RunNode') ?? [];
    expect(runNode?.Retry?.flatMap(({ ErrorEquals: names }) => names)).toEqual(
      expect.arrayContaining([
        'ECS.ThrottlingException',
        'ECS.AmazonECSException',
        'AmazonECS.Unknown',
        'ECS.InvalidParameterException',
        'ECS.ServerException',
        'ECS.LimitExceededException',
      ]),
    );
    // The loss of a node is counted by the functions, not tried again unseen.
    expect(JSON.stringify(runNode?.Retry)).not.toMatch(/States\.(ALL|TaskFailed)/);
  });

  it.each(tasks.filter(([, state]) => functionOf(state) !== undefined))(
    '%s hands its function what that reads, and nothing else',
    (_, state) => {
      const name = functionOf(state) as RunFunction;
      const given = Object.keys(parametersOf(state).Payload as object).map((field) =>
        field.replace(/\.\$$/, ''),
      );
      const { shape } = payloads[name];
      const required = Object.entries(shape).filter(([, schema]) => !schema.safeParse(undefined).success);
      expect(Object.keys(shape)).toEqual(expect.arrayContaining(given));
      expect(given).toEqual(expect.arrayContaining(required.map(([field]) => field)));
    },
  );

  it('never polls: whatever goes round runs a node, waits for a token, or for a turn that was put off', () => {
    // How often a turn can be put off is bounded: see the history of a seat in run-job-limits.test.ts.
    const turn = states.find(([name]) => name === 'AwaitTurn')?.[1];
    const waits = (state: State) =>
      state === turn || (state.Type === 'Task' && /\.sync$|waitForTaskToken$/.test(String(state.Resource)));
    for (const scope of scopesOf(definition)) {
      // Without the states that wait for an event, no way leads back to where it came from.
      const quick = Object.entries(scope.States).filter(([, state]) => !waits(state));
      for (const [name] of quick) expect(reachable(name, new Map(quick)), name).not.toContain(name);
    }
  });

  it('leads every error of a run to the job being given up', () => {
    const top = Object.entries(definition.States).filter(
      ([name, { Type }]) => Type !== 'Fail' && name !== 'GiveUp',
    );
    for (const [name, state] of top) {
      if (state.Type !== 'Succeed') expect(state.Catch?.at(-1)?.Next, name).toBe('GiveUp');
    }
  });
});

function* scopesOf(scope: States): Generator<States> {
  yield scope;
  for (const state of Object.values(scope.States)) {
    for (const branch of state.Branches ?? []) yield* scopesOf(branch);
    if (state.ItemProcessor !== undefined) yield* scopesOf(state.ItemProcessor);
  }
}

function nextOf(state: State): string[] {
  const choices = (state.Choices ?? []) as { Next: string }[];
  const all = [
    state.Next,
    state.Default,
    ...choices.map(({ Next }) => Next),
    ...(state.Catch ?? []).map(({ Next }) => Next),
  ];
  return all.filter((name): name is string => typeof name === 'string');
}

function reachable(from: string, states: ReadonlyMap<string, State>): Set<string> {
  const found = new Set<string>();
  const open = [from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = states.get(name);
    for (const next of state === undefined ? [] : nextOf(state)) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}
