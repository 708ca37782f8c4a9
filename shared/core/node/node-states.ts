import { stateTable } from '../state-table.ts';

export const nodeStateNames = ['WANTED', 'STARTING', 'RUNNING', 'DRAINING', 'LOST', 'STOPPED'] as const;
export type NodeStateName = (typeof nodeStateNames)[number];

export const nodeEvents = ['launched', 'reported', 'preempted', 'lost', 'stopped'] as const;
export type NodeEvent = (typeof nodeEvents)[number];

/** The life of the node in a seat. A seat's next node is one epoch later; whatever an older epoch says changes nothing. */
export const nodeStates = stateTable<NodeStateName, NodeEvent>('node', nodeStateNames, [
  {
    from: ['WANTED', 'LOST'],
    on: 'launched',
    to: 'STARTING',
    because: 'the launcher was asked for a node in this seat',
  },
  { from: ['STARTING', 'RUNNING'], on: 'reported', to: 'RUNNING', because: 'its agent reported' },
  {
    from: 'DRAINING',
    on: 'reported',
    to: 'DRAINING',
    because: 'its agent reported; it gets no further tasks',
  },
  {
    from: ['STARTING', 'RUNNING', 'DRAINING'],
    on: 'preempted',
    to: 'DRAINING',
    because: 'it has a preemption notice',
  },
  {
    from: ['STARTING', 'RUNNING', 'DRAINING'],
    on: 'lost',
    to: 'LOST',
    because: 'it ended or went silent with work left',
  },
  {
    from: ['WANTED', 'STARTING', 'RUNNING', 'DRAINING', 'LOST'],
    on: 'stopped',
    to: 'STOPPED',
    because: 'nothing is left for this seat',
  },
]);
