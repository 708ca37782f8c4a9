import { describe, expect, it } from 'vitest';
import type { RequiredState } from '../job/dependencies.ts';
import { type GroupOutcome, groupOutcome, groupTurn } from './group-order.ts';
import type { StopCause } from './group-record.ts';

describe('groupOutcome', () => {
  it.each<[string, number | undefined, StopCause | undefined, number, GroupOutcome | undefined]>([
    ['runs', undefined, undefined, 1, undefined],
    ['all succeeded', 5, undefined, 0, 'SUCCEEDED'],
    ['one failed', 5, undefined, 1, 'FAILED'],
    ['stopped', 5, { kind: 'CANCELLED' }, 0, 'FAILED'],
    ['skipped', 5, { kind: 'SKIPPED', awaited: 'group0', need: 'SUCCEEDED', was: 'FAILED' }, 0, 'SKIPPED'],
  ])('%s', (_, endedAt, stop, failed, outcome) => {
    const group = { ...(endedAt === undefined ? {} : { endedAt }), ...(stop === undefined ? {} : { stop }) };
    expect(groupOutcome(group, failed)).toBe(outcome);
  });
});

describe('groupTurn', () => {
  const needs: RequiredState[] = ['SUCCEEDED', 'FAILED', 'FINISHED'];
  it.each<[GroupOutcome | undefined, (string | undefined)[]]>([
    [undefined, [undefined, undefined, undefined]],
    ['SUCCEEDED', ['READY', 'no', 'READY']],
    ['FAILED', ['no', 'READY', 'READY']],
    ['SKIPPED', ['no', 'no', 'no']],
  ])('a group that is %s', (outcome, turns) => {
    const given = needs.map((need) => groupTurn([{ groupId: 'group0', need }], () => outcome));
    expect(given.map((turn) => (typeof turn === 'object' ? 'no' : turn))).toEqual(turns);
  });

  it('waits for all, and gives up as soon as one is impossible', () => {
    const awaited = needs.slice(0, 2).map((need, at) => ({ groupId: `group${at}`, need }));
    const outcomes =
      (...given: (GroupOutcome | undefined)[]) =>
      (id: string) =>
        given[Number(id.slice(-1))];
    expect(groupTurn(awaited, outcomes('SUCCEEDED', undefined))).toBeUndefined();
    expect(groupTurn(awaited, outcomes('SUCCEEDED', 'FAILED'))).toBe('READY');
    expect(groupTurn(awaited, outcomes(undefined, 'SUCCEEDED'))).toEqual({
      groupId: 'group1',
      need: 'FAILED',
      was: 'SUCCEEDED',
    });
  });
});
