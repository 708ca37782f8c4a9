import { describe, expect, it } from 'vitest';
import { aSpec, DrivenAgent } from '../testing/driven-agent.ts';
import { queueSize } from './queue-size.ts';

describe('the size of the queue', () => {
  const cases: { name: string; slots: number; taskMs?: number; answerMs: number; expected: number }[] = [
    { name: 'is eight rounds of the slots before anything is known', slots: 3, answerMs: 50, expected: 24 },
    { name: 'covers two rounds of reports of short tasks', slots: 2, taskMs: 4, answerMs: 20, expected: 80 },
    { name: 'has a limit', slots: 16, taskMs: 1, answerMs: 200, expected: 256 },
    { name: 'is at least the slots for middling tasks', slots: 4, taskMs: 1_000, answerMs: 20, expected: 4 },
    {
      name: 'is 0 for tasks much longer than a round trip',
      slots: 4,
      taskMs: 60_000,
      answerMs: 20,
      expected: 0,
    },
    { name: 'is at most the slots for long tasks', slots: 4, taskMs: 3_000, answerMs: 60_000, expected: 4 },
  ];
  it.each(cases)('$name', ({ slots, taskMs, answerMs, expected }) => {
    const agent = DrivenAgent.assigned(aSpec(['a']), slots);
    agent.state.meanTaskMs = taskMs;
    agent.state.meanAnswerMs = answerMs;
    expect(queueSize(agent.state, agent.now)).toBe(expected);
  });

  it('shrinks while the first tasks take long', () => {
    const agent = DrivenAgent.assigned(aSpec(['a']), 2);
    agent.assign(0, 1);
    agent.pass(60_000);
    expect(queueSize(agent.state, agent.now)).toBe(0);
  });
});
