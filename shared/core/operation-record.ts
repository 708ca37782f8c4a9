/** A cancellation or deletion as the store keeps it; it is done when its job has come to rest. Times are epoch milliseconds. */
export interface OperationRecord {
  readonly id: string;
  readonly project: string;
  readonly location: string;
  /** The job's name as the client wrote it. */
  readonly target: string;
  readonly jobUid: string;
  readonly verb: 'cancel' | 'delete';
  readonly apiVersion: string;
  readonly createdAt: number;
  endedAt?: number;
  done: boolean;
  /** Whether a client asked for the operation itself to be cancelled; nothing comes of it. */
  requestedCancellation: boolean;
}
