/** Runs a job from its plan to its end. Adapters: in process; on AWS, Step Functions. Every call may be repeated. */
export interface Workflow {
  /** Starts the run of a job that has been admitted; nothing happens when it is under way. */
  start(jobUid: string): Promise<void>;
  /** A stage of a group has been passed by all its tasks. */
  stageEnded(jobUid: string, groupId: string, stage: number): Promise<void>;
  /** A group that waited for others of its job may begin. */
  groupReady(jobUid: string, groupId: string): Promise<void>;
  /** No task of the group is left to run. */
  groupEnded(jobUid: string, groupId: string): Promise<void>;
}
