import { describe, expect, it } from 'vitest';
import { type State, type States, statesOf } from '../../cdk/state-machine/asl.ts';
import { GROUPS_AT_ONCE, SEATS_AT_ONCE } from '../../cdk/state-machine/run-job.ts';
import type { SeatStart } from '../../functions/list-seats/list-seats.ts';
import { askForTurns } from '../../functions/run-nodes/launch-turns.ts';
import { GROUPS_AT_MOST, STAGES_AT_MOST } from '../../shared/aws/fargate-capabilities.ts';
import { TAGS_AT_MOST } from '../../shared/core/fargate/node-launch.ts';
import { WAITED_PART } from '../../shared/core/launches/launch-ledger.ts';
import { EPOCHS_AT_MOST } from '../../shared/core/seat/seat-losses.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ringingClock } from '../../shared/testing/ringing-clock.ts';
import { definition } from './definition-under-test.ts';

/** Hard limits of Step Functions. */
const HISTORY_EVENTS = 25_000;
const PAYLOAD_BYTES = 256 * 1024;

/** Longer than any job runs. */
const RUN_SECONDS = 16 * 24 * 3600;

const UID = 'a-job-with-a-long-n-518cfb1d-3ee6-43030';
const CLAIM = ['sluice', UID, 'group0', 4999, 100, 'x'.repeat(43)].join('.');

/** The seats of a group that is alone. */
async function starts(count: number): Promise<SeatStart[]> {
  const ports = { store: memoryStore(), clock: ringingClock(() => 0) };
  const turns = await askForTurns(ports, 'FARGATE', { uid: UID, name: 'group0', count });
  return turns.map((after, seat) => [seat, after]);
}

/** What a state writes when all goes well: entered and exited, and for tasks scheduled, started, submitted, succeeded. */
function eventsOf(state: State): number {
  if (state.Type === 'Task') return /lambda:invoke$/.test(String(state.Resource)) ? 5 : 6;
  if (state.Type === 'Map') return 6;
  if (state.Type === 'Parallel') return 4;
  return 2;
}

/** What the tries of a task that fails write: failed, scheduled, started, submitted, each time. */
function triesOf(state: State): number {
  return 4 * Math.max(0, ...(state.Retry ?? []).map(({ MaxAttempts: attempts }) => attempts));
}

function sum(scope: States, names: readonly string[], count: (state: State) => number): number {
  return names.reduce((total, name) => total + count(scope.States[name] as State), 0);
}

const find = (name: string) => [...statesOf(definition)].find(([one]) => one === name)?.[1] as State;
const seatScope = find('Nodes').ItemProcessor as States;
const groupScope = find('Groups').ItemProcessor as States;
const stageScope = find('RunGroup').Branches?.[1] as States;

/** The history of a job's own execution; seats have theirs. */
function jobEvents(groups: number, stages: number): number {
  const ends = 2 + sum(definition, ['Plan', 'Groups', 'Finish', 'Finished'], eventsOf);
  // An iteration of an inline map: started and succeeded.
  const group = 2 + sum(groupScope, ['WaitForTurn', 'ListSeats', 'RunGroup', 'GroupDone'], eventsOf);
  const nodes = eventsOf(find('Nodes'));
  const round = sum(stageScope, ['WaitForStage', 'HasStage'], eventsOf);
  const stagesEnd = sum(stageScope, ['HasStage', 'StagesDone'], eventsOf);
  return ends + groups * (group + nodes + stagesEnd) + stages * round;
}

describe('the history of an execution', () => {
  it('of a job with 5,000 seats and 1,000 barriers stays below two fifths of the limit', () => {
    const events = jobEvents(1, 1_001);
    expect(events).toBeGreaterThan(8_000);
    expect(events).toBeLessThan(HISTORY_EVENTS * 0.4);
  });

  it('does not depend on the number of seats', () => {
    expect(find('Nodes').ItemProcessor?.ProcessorConfig).toMatchObject({ Mode: 'DISTRIBUTED' });
    expect(SEATS_AT_ONCE).toBeLessThanOrEqual(10_000);
  });

  it('of the largest job that is accepted fits, with a quarter to spare for tries', () => {
    expect(GROUPS_AT_MOST).toBeLessThanOrEqual(GROUPS_AT_ONCE);
    expect(jobEvents(GROUPS_AT_MOST, STAGES_AT_MOST)).toBeLessThan(HISTORY_EVENTS * 0.75);
  });

  it('of a seat whose every node needs all tries, up to the last node, fits', () => {
    const round = sum(
      seatScope,
      ['OpenSeat', 'WantsNode', 'TakeNode', 'RunNode', 'CloseLostSeat', 'WantsAnotherNode', 'AwaitNextNode'],
      eventsOf,
    );
    const tries = triesOf(seatScope.States.RunNode as State);
    // Each time that its turn is put off it waits a sixteenth longer than all the time before, at least a second.
    const waits = Math.log(RUN_SECONDS) / Math.log(1 + 1 / WAITED_PART);
    const wait = sum(seatScope, ['OpenSeat', 'WantsNode', 'AwaitTurn'], eventsOf);
    expect(EPOCHS_AT_MOST * (round + tries) + waits * wait).toBeLessThan(HISTORY_EVENTS * 0.75);
  });
});

describe('the state of an execution', () => {
  const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
  const group = { jobUid: UID, groupId: 'group0', at: { stage: 1, more: true } };

  it('of a group of 5,000 seats stays below a quarter of the limit', async () => {
    const nodes = { seats: await starts(5_000), capacityProvider: 'FARGATE_SPOT' };
    expect(bytes({ ...group, nodes })).toBeLessThan(PAYLOAD_BYTES / 4);
  });

  it('of a seat stays below a quarter of it, whatever the labels and whatever ECS says of a task that stopped', () => {
    const failure = { Error: 'States.TaskFailed', Cause: 'x'.repeat(32 * 1024) };
    // Labels have 63 characters, and so have their values.
    const tag = { Key: 'k'.repeat(63), Value: 'v'.repeat(63) };
    const run = {
      taskDefinition: `arn:aws:ecs:us-east-1:000000000000:task-definition/${'f'.repeat(70)}:1`,
      capacityProvider: 'FARGATE_SPOT',
      subnets: Array.from({ length: 16 }, () => 'subnet-0123456789abcdef0'),
      securityGroups: ['sg-0123456789abcdef0'],
      assignPublicIp: 'DISABLED',
      tags: Array.from({ length: TAGS_AT_MOST }, () => tag),
    };
    const node = { launch: true, epoch: EPOCHS_AT_MOST, claim: CLAIM, run };
    const seat = {
      ...group,
      seat: 4999,
      startAfter: 245,
      opened: { node },
      node,
    };
    expect(bytes({ ...seat, failure, closed: { again: true, pauseSeconds: 300 } })).toBeLessThan(
      PAYLOAD_BYTES / 4,
    );
  });

  it('that comes back from 5,000 seats and all groups is nothing to speak of', () => {
    const { Result: result } = seatScope.States.SeatDone as State;
    expect(bytes(Array.from({ length: 5_000 }, () => result))).toBeLessThan(PAYLOAD_BYTES / 10);
    expect(find('Nodes').ResultSelector).toEqual({});
    expect(find('RunGroup').ResultSelector).toEqual({});
    expect(find('Groups').ResultPath).toBeNull();
  });

  it('overrides no more of a node than ECS takes', () => {
    const { Overrides: overrides } = find('RunNode').Parameters as { Overrides: object };
    expect(bytes(overrides) + CLAIM.length).toBeLessThan(8_192 / 8);
  });
});

describe('the start of seats', () => {
  it('is no faster than Fargate: a hundred at once, then twenty a second', async () => {
    const listed = await starts(5_000);
    for (const second of [0, 1, 10, 245]) {
      const started = listed.filter(([, after]) => after <= second).length;
      expect(started).toBeLessThanOrEqual(100 + 20 * second);
    }
    expect(listed.at(-1)).toEqual([4_999, 245]);
  });
});
