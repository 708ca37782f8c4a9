import { describe, expect, it } from 'vitest';
import { moveOn, type RunAction, type RunEvent, type RunPhase } from './interrupts.ts';

describe('Ctrl-C', () => {
  it.each<{ name: string; events: RunEvent[]; actions: RunAction[] }>([
    { name: 'before the service runs ends at once', events: ['interrupt'], actions: ['exit'] },
    {
      name: 'while submitting cancels once there is a job',
      events: ['serviceReady', 'interrupt', 'submitted'],
      actions: ['none', 'promiseCancel', 'cancel'],
    },
    {
      name: 'twice while submitting stops',
      events: ['serviceReady', 'interrupt', 'interrupt', 'submitted'],
      actions: ['none', 'promiseCancel', 'stop', 'none'],
    },
    {
      name: 'cancels a running job',
      events: ['serviceReady', 'submitted', 'interrupt', 'jobEnded'],
      actions: ['none', 'none', 'cancel', 'none'],
    },
    {
      name: 'twice stops a running job',
      events: ['serviceReady', 'submitted', 'interrupt', 'interrupt'],
      actions: ['none', 'none', 'cancel', 'stop'],
    },
    {
      name: 'three times does not wait for the stop',
      events: ['serviceReady', 'submitted', 'interrupt', 'interrupt', 'interrupt'],
      actions: ['none', 'none', 'cancel', 'stop', 'exit'],
    },
    {
      name: 'after the end does not wait for what is left',
      events: ['serviceReady', 'submitted', 'jobEnded', 'interrupt'],
      actions: ['none', 'none', 'none', 'exit'],
    },
  ])('$name', ({ events, actions }) => {
    let phase: RunPhase = 'starting';
    const taken = events.map((event) => {
      const move = moveOn(phase, event);
      phase = move.phase;
      return move.action;
    });
    expect(taken).toEqual(actions);
  });
});
