/** Where one node of a job writes, in a log store that has a stream for each node. */
export interface NodeStream {
  /** Unique within the job, and the same for ever: `group0/3/0`, the first node in seat 3. */
  readonly key: string;
  readonly groupId: string;
  readonly instanceId: string;
  readonly name: string;
}

/** Whose streams are asked for; those of one task are of the nodes that had it, where that is known. */
export interface StreamsOf {
  readonly jobUid: string;
  readonly groupId?: string;
  readonly task?: number;
}
