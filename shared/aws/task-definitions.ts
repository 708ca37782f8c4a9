import {
  ClientException,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
} from '@aws-sdk/client-ecs';
import { limits } from '../contract/limits.ts';
import { timeKey } from '../core/keys.ts';
import type { Clock } from '../ports/clock.ts';
import type { Put, Store } from '../ports/store.ts';
import { unlessChanged } from '../ports/unless-changed.ts';

/** What is kept of a task definition, under its family. */
interface KeptDefinition {
  readonly family: string;
  readonly arn: string;
  /** When a plan last used it, to a day. */
  readonly usedAt: number;
  /** It is being taken away: a plan makes another. */
  readonly retired?: true;
}

export interface TaskDefinitionPorts {
  readonly client: Pick<ECSClient, 'send'>;
  readonly store: Store;
  readonly clock: Clock;
}

type Definition = RegisterTaskDefinitionCommandInput & { readonly family: string };

const DAY_MS = 24 * 60 * 60 * 1000;
/** No job waits and runs for so long; then nothing starts nodes by a definition any more. */
export const UNUSED_MS = limits.queueWaitMs + limits.runMs + 14 * DAY_MS;
const A_SWEEP = 10;
const INDEX = 'TASK-DEFINITIONS';
const keyOf = (family: string) => ({ pk: `F#${family}`, sk: 'task-definition' });

/**
 * The task definitions of a deployment: what `taskDefinitionOf` makes is registered when it is not there. ECS takes one
 * registration a second, so it is asked last: this function's memory comes first, then the table, then what ECS has.
 */
export class TaskDefinitions {
  readonly #ports: TaskDefinitionPorts;
  /** The definitions that were in use today, by family. */
  readonly #known = new Map<string, { readonly arn: string; readonly until: number }>();

  constructor(ports: TaskDefinitionPorts) {
    this.#ports = ports;
  }

  /** The ARN, with its revision, of a definition with this content. Throws what ECS says of one that it does not take. */
  async ensure(definition: Definition): Promise<string> {
    const now = this.#ports.clock.now();
    const known = this.#known.get(definition.family);
    if (known !== undefined && now < known.until) return known.arn;
    // Another planner or the sweep may come between: what they did is looked at then.
    for (;;) {
      const arn = await this.#kept(definition, now);
      if (arn === undefined) continue;
      this.#known.set(definition.family, { arn, until: now + DAY_MS });
      return arn;
    }
  }

  /** The ARN, once it stands in the table as used today; undefined when somebody else wrote it meanwhile. */
  async #kept(definition: Definition, now: number): Promise<string | undefined> {
    const { store } = this.#ports;
    const { family } = definition;
    const item = await store.get<KeptDefinition>(keyOf(family));
    const kept = item?.body;
    const isThere = kept !== undefined && kept.retired !== true;
    if (isThere && now - kept.usedAt <= DAY_MS) return kept.arn;
    const arn = isThere ? kept.arn : await this.#registered(definition, kept?.retired === true);
    const isOurs = await unlessChanged(
      store.commit([keepingOf({ family, arn, usedAt: now }, item?.version ?? 0)]),
    );
    return isOurs ? arn : undefined;
  }

  /** What the newest revision is, or else a new one. A retired one is about to go, so another is made. */
  async #registered(definition: Definition, anew: boolean): Promise<string> {
    const { client } = this.#ports;
    const { family } = definition;
    if (!anew) {
      const found = await client
        .send(new DescribeTaskDefinitionCommand({ taskDefinition: family }))
        .catch((error: unknown) => {
          if (error instanceof ClientException) return undefined;
          throw error;
        });
      const arn = found?.taskDefinition?.taskDefinitionArn;
      if (arn !== undefined && found?.taskDefinition?.status === 'ACTIVE') return arn;
    }
    const { taskDefinition } = await client.send(new RegisterTaskDefinitionCommand(definition));
    const arn = taskDefinition?.taskDefinitionArn;
    if (arn === undefined) throw new Error(`ECS registered ${family} without naming it`);
    return arn;
  }
}

/**
 * Takes away definitions that no plan has used for longer than any job lasts. Each is marked first, so that a plan that
 * wants it meanwhile makes a new one; what a sweep leaves half done, the next one ends.
 */
export async function sweepTaskDefinitions({ client, store, clock }: TaskDefinitionPorts): Promise<void> {
  const before = { pk: INDEX, to: timeKey(clock.now() - UNUSED_MS), limit: A_SWEEP };
  for (const { body, version } of await store.queryIndex<KeptDefinition>('index2', before)) {
    // A conflict: somebody uses it after all.
    const isRetired = await unlessChanged(store.commit([keepingOf({ ...body, retired: true }, version)]));
    if (!isRetired) continue;
    await client.send(new DeregisterTaskDefinitionCommand({ taskDefinition: body.arn }));
    await unlessChanged(store.commit([{ ...keyOf(body.family), remove: true, ifVersion: version + 1 }]));
  }
}

function keepingOf(body: KeptDefinition, ifVersion: number): Put {
  const index2 = { pk: INDEX, sk: `${timeKey(body.usedAt)}#${body.family}` };
  return { ...keyOf(body.family), body, ifVersion, index: { index2 } };
}
