import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SampleHistory } from '../../testing/events/sample-history.ts';
import type { SeatRecord } from '../seat/seat-record.ts';
import { nodeSteps } from './node-steps.ts';
import { kindOf } from './record-change.ts';

const anyMove = fc.tuple(fc.constantFrom('launch', 'report', 'preempt', 'lose'), fc.nat(50));

describe('nodes', () => {
  it('every state of every node is told once, in its order, at its time', () => {
    fc.assert(
      fc.property(fc.array(anyMove, { maxLength: 40 }), (moves) => {
        const history = new SampleHistory('any', 1, 1).plan();
        const seat = history.seat(0);
        const states: string[] = [];
        let now = history.job.createdAt;
        const note = () => states.push(`${seat.epoch} ${seat.state} ${now}`);
        for (const [move, seconds] of moves) {
          const before = seat.state;
          const up = before !== 'WANTED' && before !== 'LOST';
          if ((move === 'launch') === up) continue;
          history.after(seconds);
          now += seconds * 1000;
          if (move === 'launch') history.launch(0);
          else if (move === 'lose') history.lose(0);
          else history.report(0, [], 0, move === 'preempt');
          if (before === 'STARTING' && seat.state === 'DRAINING') states.push(`${seat.epoch} RUNNING ${now}`);
          if (seat.state !== before) note();
        }
        const steps = history.changes
          .filter((change) => kindOf(change) === 'seat')
          .flatMap(({ before, after }) => nodeSteps(before as SeatRecord | undefined, after as SeatRecord));
        expect(steps.map(({ epoch, to, at }) => `${epoch} ${to} ${at}`)).toEqual(states);
      }),
    );
  });

  it('a node that is lost was made when it was launched', () => {
    const history = new SampleHistory('any', 1, 1)
      .plan()
      .after(5)
      .launch(0)
      .after(3)
      .report(0, [])
      .after(9)
      .lose(0);
    const { before, after } = history.changes.at(-1) ?? {};
    const [step] = nodeSteps(before as SeatRecord, after as SeatRecord);
    const begin = history.job.createdAt;
    expect(step).toMatchObject({ from: 'RUNNING', to: 'LOST', since: begin + 5000, at: begin + 17_000 });
  });
});
