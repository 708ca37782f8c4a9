import { jobStates } from '../shared/core/job/job-states.ts';
import { nodeStates } from '../shared/core/node/node-states.ts';
import { describeStates } from '../shared/core/state-table.ts';
import { taskStates } from '../shared/core/task/task-states.ts';

/** The page of states, in Markdown: made of the same tables that guard every write. */
export function statePage(): string {
  return [
    '# States of jobs, tasks and nodes',
    '',
    'Made by `npm run docs` from the tables in `shared/core/{job,task,node}`; a test fails when it is out of date.',
    '',
    '## Jobs',
    '',
    describeStates(jobStates),
    '',
    '## Tasks',
    '',
    describeStates(taskStates),
    '',
    'A task that waits at a barrier is RUNNING: it keeps its files and its background processes, and holds no slot.',
    '',
    '## Nodes',
    '',
    'The state of the node in a seat. Clients see nodes through task events (`zones/…/instances/…`) and `progress`.',
    '',
    describeStates(nodeStates),
    '',
  ].join('\n');
}
