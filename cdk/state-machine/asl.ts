/** The part of the Amazon States Language that `run-job` is written in. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: 'FULL';
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath: string | null;
  readonly Next: string;
}

export interface State {
  readonly Type: 'Task' | 'Map' | 'Parallel' | 'Choice' | 'Wait' | 'Pass' | 'Fail' | 'Succeed';
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly Next?: string;
  readonly Branches?: readonly States[];
  readonly ItemProcessor?: States & { readonly ProcessorConfig: Readonly<Record<string, string>> };
  readonly [field: string]: unknown;
}

/** States that belong together, with the one that they start at. */
export interface States {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** Whatever goes wrong leads to `next`, with the error beside the state's input. */
export function catchAll(next: string): readonly Catcher[] {
  return [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: next }];
}

/** All states of a definition with their names, those inside maps and branches too. */
export function* statesOf({ States: states }: States): Generator<readonly [name: string, state: State]> {
  for (const [name, state] of Object.entries(states)) {
    yield [name, state];
    for (const inner of [...(state.Branches ?? []), ...(state.ItemProcessor ? [state.ItemProcessor] : [])])
      yield* statesOf(inner);
  }
}
