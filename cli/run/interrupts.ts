/** Where a run is, as far as Ctrl-C is concerned. */
export type RunPhase =
  | 'starting'
  | 'submitting'
  | 'cancelOnSubmit'
  | 'running'
  | 'cancelling'
  | 'stopping'
  | 'ended';

/** What may happen to a run. */
export type RunEvent = 'interrupt' | 'serviceReady' | 'submitted' | 'jobEnded';

/** What to do about it: ask for the cancellation, stop the nodes and end, or end without waiting for anything. */
export type RunAction = 'none' | 'promiseCancel' | 'cancel' | 'stop' | 'exit';

interface Move {
  phase: RunPhase;
  action: RunAction;
}

/** The first Ctrl-C cancels the job, the second stops at once, the third leaves everything as it is. */
const moves: Record<RunPhase, Partial<Record<RunEvent, Move>>> = {
  starting: {
    interrupt: { phase: 'stopping', action: 'exit' },
    serviceReady: { phase: 'submitting', action: 'none' },
  },
  submitting: {
    interrupt: { phase: 'cancelOnSubmit', action: 'promiseCancel' },
    submitted: { phase: 'running', action: 'none' },
  },
  cancelOnSubmit: {
    interrupt: { phase: 'stopping', action: 'stop' },
    submitted: { phase: 'cancelling', action: 'cancel' },
  },
  running: {
    interrupt: { phase: 'cancelling', action: 'cancel' },
    jobEnded: { phase: 'ended', action: 'none' },
  },
  cancelling: {
    interrupt: { phase: 'stopping', action: 'stop' },
    jobEnded: { phase: 'ended', action: 'none' },
  },
  stopping: { interrupt: { phase: 'stopping', action: 'exit' } },
  // Output is being written and the service closed: whoever presses now does not want to wait for it.
  ended: { interrupt: { phase: 'ended', action: 'exit' } },
};

/** What a run does when something happens; events that mean nothing in a phase leave it as it is. */
export function moveOn(phase: RunPhase, event: RunEvent): Move {
  return moves[phase][event] ?? { phase, action: 'none' };
}
