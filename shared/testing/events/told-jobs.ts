import { SampleHistory } from './sample-history.ts';

/** A job of two tasks, both well. */
export function goodHistory(): SampleHistory {
  const history = new SampleHistory('resize', 1, 2);
  history.after(1).move('admitted').plan().launch(0).after(3).report(0, [], 2);
  history
    .after(4)
    .report(0, [history.said(0, 'SUCCEEDED'), history.said(1, 'RUNNING')])
    .move('task-started');
  history.after(3).report(0, [history.said(1, 'SUCCEEDED')]);
  return history.endGroup().after(1).move('tasks-succeeded');
}

/** A job of two tasks and two nodes: one node never comes up, its next one is taken away, and a task fails for good. */
export function badHistory(): SampleHistory {
  const history = new SampleHistory('render', 2, 2);
  history.after(1).move('admitted').plan().launch(0).launch(1).after(3).report(0, [], 2);
  history.after(30).lose(1).launch(1).after(3).report(1, [], 1);
  history
    .after(4)
    .report(1, [history.said(1, 'RUNNING')])
    .move('task-started');
  history.report(0, [history.said(0, 'FAILED', { exitCode: 3 })], 1);
  history
    .after(2)
    .report(1, [history.said(1, 'RUNNING')], 0, true)
    .after(20)
    .lose(1);
  history
    .launch(1)
    .after(3)
    .report(1, [], 1)
    .after(3)
    .report(1, [history.said(1, 'SUCCEEDED', { attempt: 1 })]);
  history.report(0, [history.said(0, 'FAILED', { attempt: 1, exitCode: 3 })]);
  return history.endGroup().after(1).move('failed');
}
