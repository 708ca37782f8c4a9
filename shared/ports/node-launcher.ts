/** All that a node needs to know to take its seat. */
export interface NodeRequest {
  readonly parent: string;
  readonly jobId: string;
  readonly jobUid: string;
  readonly groupId: string;
  readonly seat: number;
  readonly epoch: number;
  /** The name of the node: unique for each epoch of a seat. */
  readonly instance: string;
  /** Decimal digits, as Google's numeric instance ids. */
  readonly instanceId: string;
  readonly zone: string;
  readonly machineType: string;
  readonly slots: number;
  /** Runnables of the group are never root. */
  readonly runAsNonRoot?: true;
  /** What the agent shows with each report. Good for this epoch of this seat only. */
  readonly token: string;
}

export interface NodeHandle {
  /** Resolves when the node is gone for good, whatever ended it. */
  readonly gone: Promise<void>;
  /** Ends the node and all it runs; resolves with `gone`. */
  kill(): void;
}

/** Starts nodes. Adapters: processes on this machine, instructions for a stranger's agent. */
export interface NodeLauncher {
  launch(request: NodeRequest): Promise<NodeHandle>;
  /** The node of an earlier life of the service, if it is still there. */
  adopt(instance: string): NodeHandle | undefined;
}
