/** What a task is called between the agent and the service: which task of which job, and which try of it. */
export interface AgentTaskId {
  jobUid: string;
  groupId: string;
  /** Index of the task in its group, 0-based. */
  index: number;
  /** 0 for the first try, one more for each retry. */
  attempt: number;
}

const AGENT_TASK_ID = /^task\/(.+)-([a-z][a-z0-9]*)-(0|[1-9][0-9]*)\/(0|[1-9][0-9]*)\/0$/;

/** `task/{jobUid}-{groupId}-{index}/{attempt}/0`, as Google's agent names tasks in its own logs (Batch troubleshooting page). */
export function formatAgentTaskId({ jobUid, groupId, index, attempt }: AgentTaskId): string {
  return `task/${jobUid}-${groupId}-${index}/${attempt}/0`;
}

/** The parts of an agent's task id, or undefined when the text is none (such as the id of a start-up action). */
export function parseAgentTaskId(text: string): AgentTaskId | undefined {
  const match = AGENT_TASK_ID.exec(text);
  if (match === null) return undefined;
  const [, jobUid = '', groupId = '', index, attempt] = match;
  return { jobUid, groupId, index: Number(index), attempt: Number(attempt) };
}
