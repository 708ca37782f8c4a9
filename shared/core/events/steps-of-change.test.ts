import { describe, expect, it } from 'vitest';
import { contextOf } from '../../testing/events/read-history.ts';
import { SampleHistory } from '../../testing/events/sample-history.ts';
import { badHistory, goodHistory } from '../../testing/events/told-jobs.ts';
import { eventsOf } from './events-of-change.ts';
import { FeedMemory } from './feed-memory.ts';
import { jobFacts } from './job-facts.ts';
import { kindOf } from './record-change.ts';
import { stepsOfChange } from './steps-of-change.ts';

const changesOf = (history: SampleHistory, kind: string) =>
  history.changes.filter((change) => kindOf(change) === kind);

describe('a job of several groups', () => {
  const history = badHistory();
  const facts = jobFacts(history.job);
  const several = {
    ...facts,
    groups: { group0: { cores: 1, memoryGib: 1 }, group1: { cores: 1, memoryGib: 1 } },
  };
  const context = { ...contextOf(history, several), memory: new FeedMemory() };
  const begins = () =>
    history.changes
      .flatMap((change) => stepsOfChange(change, context))
      .filter((step) => step.kind === 'group' && step.to === 'RUNNING');

  it('has each group begin with its first seat, once, also when the feed comes again', () => {
    expect(begins()).toHaveLength(1);
    expect(begins()).toEqual(begins());
  });

  it('does not have its groups begin with the job', () => {
    const [running] = changesOf(history, 'job')
      .flatMap((change) => stepsOfChange(change, context))
      .filter(({ to }) => to === 'RUNNING');
    expect(running?.kind).toBe('job');
  });
});

describe('a group that has ended', () => {
  it('is FAILED when it was stopped, and says why', () => {
    const history = new SampleHistory('any', 1, 2).after(1).move('admitted').plan();
    history.group.stop = { kind: 'CANCELLED' };
    history.seat(0).unstarted = [];
    history.seat(0).ended.unexecuted = 2;
    history.after(1).endGroup();
    const events = changesOf(history, 'group').flatMap((change) => eventsOf(change, contextOf(history)));
    expect(events.map(({ attributes }) => attributes.EventName)).toEqual([
      'COMPUTE_ENV_CREATED',
      'TASK_FAILED',
      'COMPUTE_ENV_DELETED',
    ]);
    expect(events[1]?.message.Events[0].Batch).toMatchObject({
      StateReason: 'The group was stopped due to the job being cancelled.',
    });
  });

  it('is FAILED when it was stopped, though its seats are gone', () => {
    const history = new SampleHistory('any', 1, 2).after(1).move('admitted').plan();
    history.group.stop = { kind: 'DELETED' };
    const end = history.after(1).endGroup().changes.at(-1);
    const events = eventsOf(end ?? { pk: '', sk: '' }, { ...contextOf(history), seats: () => [] });
    expect(events.map(({ attributes }) => attributes.EventName)).toEqual([
      'TASK_FAILED',
      'COMPUTE_ENV_DELETED',
    ]);
  });

  it('whose seats are gone ends its environment alone', () => {
    const history = goodHistory();
    const context = { ...contextOf(history), seats: () => undefined };
    const end = changesOf(history, 'group').at(-1);
    expect(
      eventsOf(end ?? { pk: '', sk: '' }, context).map(({ attributes }) => attributes.EventName),
    ).toEqual(['COMPUTE_ENV_DELETED']);
  });
});

describe('what tells nothing', () => {
  const history = goodHistory();

  it.each([
    ['a name', { pk: 'P#my-project', sk: 'us-central1/resize', after: { uid: 'x' } }],
    ['an operation', { pk: 'O#my-project/us-central1', sk: 'operation-1', after: {} }],
  ])('%s', (_, change) => {
    expect(stepsOfChange(change, contextOf(history))).toEqual([]);
  });

  it.each(history.changes.map((change) => [`${change.pk} ${change.sk}`, change] as const))(
    'the removal of %s',
    (_, change) => {
      const { after, ...removed } = change;
      expect(stepsOfChange({ ...removed, before: after }, contextOf(history))).toEqual([]);
    },
  );

  it('any record of a job that is unknown', () => {
    const context = { ...contextOf(history), job: () => undefined };
    expect(history.changes.flatMap((change) => stepsOfChange(change, context))).toEqual([]);
  });

  it('single tasks of a job that does not want them told', () => {
    const context = { ...contextOf(history), wantsTasks: () => false };
    const kinds = history.changes.flatMap((change) => stepsOfChange(change, context)).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['job', 'group', 'environment', 'node']));
  });
});
