import type { State, States } from '../../cdk/state-machine/asl.ts';

/** What a state of type Task does; the name of an error that is thrown is matched against catchers. */
export type TaskHandler = (name: string, state: State, parameters: never, token: string) => Promise<unknown>;

type Data = Record<string, unknown>;
interface Context {
  readonly map?: { readonly value: unknown };
  token: string;
}

/**
 * Runs a definition in the part of the language that `run-job` uses, so that a test can see what flows where. Waits last
 * no time, and nothing is tried again: an error goes to the catcher at once.
 */
export class AslInterpreter {
  readonly #handle: TaskHandler;
  /** Names of the states entered. */
  readonly entered: string[] = [];
  #tokens = 0;

  constructor(handle: TaskHandler) {
    this.#handle = handle;
  }

  async run({ StartAt, States: states }: States, input: unknown, map?: Context['map']): Promise<unknown> {
    let data = input;
    for (let name: string | undefined = StartAt; name !== undefined; ) {
      const state: State = states[name] ?? fail('States.Runtime', `no state ${name}`);
      this.entered.push(name);
      const context: Context = { token: `token-${++this.#tokens}`, ...(map === undefined ? {} : { map }) };
      try {
        const [output, next] = await this.#enter(name, state, data, context);
        data = output;
        name = next;
      } catch (error) {
        const catcher = state.Catch?.[0];
        if (catcher === undefined) throw error;
        const said = { Error: (error as Error).name, Cause: (error as Error).message };
        data = put(data, catcher.ResultPath, said);
        name = catcher.Next;
      }
    }
    return data;
  }

  async #enter(
    name: string,
    state: State,
    data: unknown,
    context: Context,
  ): Promise<[unknown, string | undefined]> {
    const next = state.End === true || state.Type === 'Succeed' ? undefined : state.Next;
    switch (state.Type) {
      case 'Succeed':
        return [data, undefined];
      case 'Fail':
        throw fail(String(state.Error ?? read(data, String(state.ErrorPath), context)), String(state.Cause));
      case 'Wait':
        seconds(read(data, String(state.SecondsPath), context));
        return [data, next];
      case 'Choice':
        return [data, choose(state, data, context)];
      case 'Pass': {
        const result =
          state.Result ?? (state.InputPath ? read(data, String(state.InputPath), context) : data);
        return [put(data, pathOf(state), result), next];
      }
      default: {
        const result = await this.#work(name, state, data, context);
        const selected =
          state.ResultSelector === undefined ? result : fill(state.ResultSelector, result, context);
        return [put(data, pathOf(state), selected), next];
      }
    }
  }

  async #work(name: string, state: State, data: unknown, context: Context): Promise<unknown> {
    if (state.Type === 'Parallel')
      return Promise.all((state.Branches ?? []).map((branch) => this.run(branch, structuredClone(data))));
    if (state.Type === 'Map' && state.ItemProcessor !== undefined) {
      const items = read(data, String(state.ItemsPath), context) as unknown[];
      const processor = state.ItemProcessor;
      return Promise.all(
        items.map((value) => {
          const inner = { ...context, map: { value } };
          return this.run(processor, fill(state.ItemSelector, data, inner), inner.map);
        }),
      );
    }
    return this.#handle(name, state, fill(state.Parameters, data, context) as never, context.token);
  }
}

function fail(name: string, message: string): never {
  throw Object.assign(new Error(message), { name });
}

function seconds(value: unknown): void {
  if (!Number.isInteger(value) || (value as number) < 0)
    fail('States.Runtime', `no seconds: ${String(value)}`);
}

function choose(state: State, data: unknown, context: Context): string {
  const rules = state.Choices as { Variable: string; BooleanEquals: boolean; Next: string }[];
  const found = rules.find((rule) => read(data, rule.Variable, context) === rule.BooleanEquals);
  return found?.Next ?? String(state.Default);
}

const pathOf = ({ ResultPath: path }: State) => (path === undefined ? '$' : (path as string | null));

/** Puts a result where a path says; `$` replaces all, and null nothing. */
function put(data: unknown, path: string | null, value: unknown): unknown {
  if (path === null) return data;
  if (path === '$') return value;
  return { ...(data as Data), [path.slice('$.'.length)]: value };
}

/** Reads `$.a.b[0]` and what of the context object is used. A path that leads nowhere is an error, as on AWS. */
function read(data: unknown, path: string, context: Context): unknown {
  if (path === '$$.Task.Token') return context.token;
  const [from, rest] = path.startsWith('$$.Map.Item.Value')
    ? [context.map?.value, path.slice('$$.Map.Item.Value'.length)]
    : [data, path.slice(1)];
  let found = from;
  for (const [, name, at] of rest.matchAll(/\.(\w+)|\[(\d+)\]/g)) {
    found = (found as Data | undefined)?.[name ?? at ?? ''];
    if (found === undefined) fail('States.Runtime', `${path} is not in ${JSON.stringify(data)}`);
  }
  return found;
}

/** A payload template with its paths replaced by what they lead to. */
function fill(template: unknown, data: unknown, context: Context): unknown {
  if (Array.isArray(template)) return template.map((part) => fill(part, data, context));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) =>
      name.endsWith('.$')
        ? [name.slice(0, -2), read(data, String(value), context)]
        : [name, fill(value, data, context)],
    ),
  );
}
