/** Labels on all that the agent makes in an engine, so that it can be found when the agent is gone. */
export const labels = {
  jobUid: 'sluice.job-uid',
  /** The instance's name. */
  node: 'sluice.node',
  /** The node's own folder, which tells one installation's nodes from another's. */
  runDir: 'sluice.run-dir',
  task: 'sluice.task',
  runnable: 'sluice.runnable',
} as const;

/** The labels of a node. */
export function nodeLabels(node: {
  readonly jobUid: string;
  readonly instance: string;
  readonly runDir: string;
}): Record<string, string> {
  return { [labels.jobUid]: node.jobUid, [labels.node]: node.instance, [labels.runDir]: node.runDir };
}
