import fc from 'fast-check';
import { expect, it } from 'vitest';
import { node } from '../../testing/seat-samples.ts';
import { SeatsModel } from '../../testing/seats-model.ts';
import { indices } from '../index-runs.ts';
import type { TaskReport } from './apply-report.ts';
import { unfinished } from './seat-progress.ts';
import type { SeatRecord } from './seat-record.ts';

const TASKS = 12;
const SEATS = 3;

/** What an agent says of one task: mostly of one that its node holds, sometimes of any, in any attempt. */
const anyStatement = fc.record({
  pick: fc.nat(99),
  isHeld: fc.nat(9).map((die) => die > 0),
  attempt: fc.nat(9).map((die) => (die === 0 ? 1 : 0)),
  state: fc.constantFrom('ASSIGNED', 'RUNNING', 'RUNNING', 'RUNNING', 'SUCCEEDED', 'FAILED'),
  runnable: fc.nat(5),
  exitCode: fc.constantFrom(1, 50000, 50005),
  events: fc.constantFrom<[number, string][]>(
    [],
    [],
    [[5, 'a']],
    [
      [5, 'a'],
      [6, 'b'],
    ],
  ),
});
type Statement = typeof anyStatement extends fc.Arbitrary<infer One> ? One : never;

const seat = fc.nat(SEATS - 1);
const maxChanges = fc.constantFrom(1, 2, 100);
const rarely = fc.nat(14).map((die) => die === 0);
const anyMove = fc.oneof(
  { weight: 5, arbitrary: fc.record({ move: fc.constant('assign'), seat, count: fc.nat(6) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      move: fc.constant('report'),
      seat,
      statements: fc.array(anyStatement, { maxLength: 6 }),
      stopped: rarely,
      preempted: rarely,
      maxChanges,
    }),
  },
  { weight: 2, arbitrary: fc.record({ move: fc.constant('openBarrier') }) },
  { weight: 1, arbitrary: fc.record({ move: fc.constant('steal'), seat, to: seat }) },
  {
    weight: 1,
    arbitrary: fc.record({
      move: fc.constant('lose'),
      seat,
      cause: fc.constantFrom('SILENT', 'PREEMPTED'),
      maxChanges,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      move: fc.constant('stop'),
      seat,
      cause: fc.constantFrom({ kind: 'CANCELLED' }, { kind: 'BARRIER_UNREACHABLE', task: 0 }),
      maxChanges,
      really: rarely,
    }),
  },
);
type Move = typeof anyMove extends fc.Arbitrary<infer One> ? One : never;

function statement(given: Statement, held: readonly { index: number; attempt: number }[]): TaskReport {
  const { pick, isHeld, attempt, ...rest } = given;
  const task = isHeld ? held[pick % Math.max(1, held.length)] : undefined;
  const said = task ?? { index: pick % TASKS, attempt: 0 };
  return { ...rest, index: said.index, attempt: said.attempt + attempt };
}

function heldBy(record: SeatRecord): { index: number; attempt: number }[] {
  const parked = Object.values(record.parked).flatMap((runs) => [...indices(runs)]);
  return [
    ...record.active,
    ...parked.map((index) => ({ index, attempt: record.parkedAttempts[index] ?? 0 })),
  ];
}

function take(model: SeatsModel, move: Move): void {
  const record = 'seat' in move ? model.seats[move.seat] : model.seats[0];
  if (record === undefined) return;
  if ('count' in move) model.assign(record, move.count);
  else if ('statements' in move) {
    const tasks = move.statements.map((given) => statement(given, heldBy(record)));
    const { stopped, preempted } = move;
    model.report(record, { node, stopped, preempted, tasks }, move.maxChanges);
  } else if ('to' in move) model.steal(record, model.seats[move.to] ?? record);
  else if ('really' in move) {
    if (move.really) model.stop(move.cause);
    model.stopSeat(record, move.maxChanges);
  } else if ('cause' in move) model.lose(record, move.cause, move.maxChanges);
  else model.openBarrier();
}

it('whatever happens to seats, each task has one place and one end', () => {
  fc.assert(
    fc.property(fc.nat(2), fc.array(anyMove, { maxLength: 120 }), (maxRetryCount, moves) => {
      const model = new SeatsModel(TASKS, SEATS, maxRetryCount);
      for (const move of moves) {
        take(model, move);
        expect(model.faults).toEqual([]);
      }
      model.stop({ kind: 'CANCELLED' });
      for (const record of model.seats) {
        for (let round = 0; unfinished(record) > 0 && round < 50; round += 1) {
          model.lose(record, 'SILENT', 3);
          model.stopSeat(record, 3);
        }
        expect(unfinished(record)).toBe(0);
      }
      expect(model.faults).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});
