import type { CapacityProvider } from '../core/fargate/node-launch.ts';
import { exitOfStoppedNode, type ReservedExit } from '../core/reserved-exit-codes.ts';

/** What Step Functions says of an `ecs:runTask.sync` that failed. */
export interface EcsFailure {
  readonly error: string;
  /** A sentence, or the JSON of the stopped ECS task. */
  readonly cause: string;
}

/** Whose doing it was that a node ended, or never started. */
export type NodeEnd = {
  readonly kind: 'THROTTLED' | 'NO_CAPACITY' | 'PREEMPTED' | 'MOVED' | 'NOT_STARTED' | 'ENDED';
  /** The reserved exit code of tasks that the node had started. */
  readonly exit: ReservedExit;
  /** Whether the seat spends one of the losses that it may have in a row. */
  readonly counts: boolean;
  /** What happened, to follow "Node n of group g". */
  readonly words: string;
};

type Rule = NodeEnd & {
  readonly match: RegExp;
  /** For which nodes it holds; for all without it. */
  readonly of?: CapacityProvider;
};

/**
 * The first rule whose pattern is found in `error cause` holds. Throttling and the lack of capacity come under many
 * names: ECS wraps what EC2 tells it in InvalidParameterException, and says a lack of capacity in a failure of its answer.
 * A registry's `insufficient_scope` is none: who may not pull an image may not pull it later either. There is none for
 * UserInitiated: the service itself stops nodes that are silent, and others say of themselves that they were stopped.
 */
const rules: readonly Rule[] = [
  {
    match:
      /throttl|rate exceeded|too many (concurrent )?(requests|attempts)|LimitExceeded|concurrent tasks limit|reached the limit on|Tasks in PROVISIONING/i,
    kind: 'THROTTLED',
    exit: 'SILENT',
    counts: false,
    words: 'could not be started: AWS limits the rate or the number of starts',
  },
  {
    match:
      /capacity is unavailable|RESOURCE:|no capacity|insufficient(?!_)|free addresses|ServerException|ServiceUnavailable|AmazonECS\.Unknown/i,
    kind: 'NO_CAPACITY',
    exit: 'SILENT',
    counts: false,
    words: 'could not be started: AWS has no capacity for it at the moment',
  },
  {
    match: /SpotInterruption|TerminationNotice/,
    of: 'FARGATE_SPOT',
    kind: 'PREEMPTED',
    exit: exitOfStoppedNode(true),
    counts: true,
    words: 'was preempted: AWS took its Spot capacity back',
  },
  {
    match: /SpotInterruption|TerminationNotice/,
    kind: 'MOVED',
    exit: exitOfStoppedNode(false),
    counts: true,
    words: 'was stopped: AWS moves what runs on its machine',
  },
  {
    match: /TaskFailedToStart|CannotPullContainer|ResourceInitializationError|InvalidParameter|AccessDenied/i,
    kind: 'NOT_STARTED',
    exit: 'SILENT',
    counts: true,
    words: 'could not be started',
  },
  { match: /^/, kind: 'ENDED', exit: 'SILENT', counts: true, words: 'ended too early' },
];

/** Why a node ended, from what Step Functions says; without a failure the node ended by itself with exit code 0. */
export function classifyNodeEnd(failure: EcsFailure | undefined, provider: CapacityProvider): NodeEnd {
  if (failure === undefined) return { kind: 'ENDED', exit: 'SILENT', counts: true, words: 'ended too early' };
  const text = `${failure.error} ${failure.cause}`;
  const rule = rules.find(({ match, of = provider }) => of === provider && match.test(text));
  const { match: _, of: __, words, ...found } = rule ?? (rules.at(-1) as Rule);
  const said = saidBy(failure);
  return { ...found, words: said === '' ? words : `${words} (${said})` };
}

/** The stop reason of a task, or the error's own sentence. */
function saidBy({ error, cause }: EcsFailure): string {
  try {
    const task = JSON.parse(cause) as { StoppedReason?: unknown };
    if (typeof task.StoppedReason === 'string') return task.StoppedReason.slice(0, 300);
    return error;
  } catch {
    return [error, cause]
      .filter((part) => part !== '')
      .join(': ')
      .slice(0, 300);
  }
}
