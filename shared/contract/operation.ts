import { list } from './proto/collection.ts';
import { int32 } from './proto/integer.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { bool, json, text, timestamp } from './proto/scalar.ts';

/** google.rpc.Status: how an operation failed. `code` is the gRPC number. */
export const statusSchema = message('Status', { code: int32(), message: text(), details: list(json()) });
export type Status = Infer<typeof statusSchema>;

/** A long-running operation, such as the deletion of a job. `metadata` and `response` carry an `@type`. */
export const operationSchema = message(
  'Operation',
  { name: text(), metadata: json(), done: bool(), error: statusSchema, response: json() },
  { result: ['error', 'response'] },
);
export type Operation = Infer<typeof operationSchema>;

/** What an operation is about. All output only. */
export const operationMetadataSchema = message('OperationMetadata', {
  createTime: timestamp(),
  endTime: timestamp(),
  /** The resource's name. */
  target: text(),
  /** `delete` or `cancel`. */
  verb: text(),
  statusMessage: text(),
  requestedCancellation: bool(),
  apiVersion: text(),
});
export type OperationMetadata = Infer<typeof operationMetadataSchema>;

export const listOperationsResponseSchema = message('ListOperationsResponse', {
  operations: list(operationSchema),
  nextPageToken: text(),
  unreachable: list(text()),
});
export type ListOperationsResponse = Infer<typeof listOperationsResponseSchema>;

/** The `@type`s inside operations. */
export const operationTypes = {
  metadata: 'type.googleapis.com/google.cloud.batch.v1.OperationMetadata',
  empty: 'type.googleapis.com/google.protobuf.Empty',
  cancelJobResponse: 'type.googleapis.com/google.cloud.batch.v1.CancelJobResponse',
} as const;

/** How an operation ended: what its method returns, or an error. */
export type OperationResult = { response: 'empty' | 'cancelJobResponse' } | { error: Status };

/** An operation for the wire: pending without `result`, done with it. */
export function formatOperation(
  name: string,
  metadata: OperationMetadata,
  result?: OperationResult,
): Operation {
  const operation: Operation = {
    name,
    metadata: { '@type': operationTypes.metadata, ...metadata },
    done: result !== undefined,
  };
  if (result === undefined) return operation;
  if ('error' in result) return { ...operation, error: result.error };
  return { ...operation, response: { '@type': operationTypes[result.response] } };
}
