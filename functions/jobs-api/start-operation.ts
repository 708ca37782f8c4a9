import type { Operation } from '../../shared/contract/operation.ts';
import { formatJobName, type JobName } from '../../shared/contract/resource-name.ts';
import { operationKey } from '../../shared/core/keys.ts';
import type { OperationRecord } from '../../shared/core/operation-record.ts';
import type { Put } from '../../shared/ports/store.ts';
import type { OperationPorts } from './api-ports.ts';
import { operationView } from './operation-view.ts';
import { type SeenRequest, seenRequest } from './seen-request.ts';

/** A request that starts an operation on a job. */
export interface JobOperationRequest {
  readonly name: string;
  readonly requestId?: string | undefined;
  /** The version of the API that the client speaks, for the operation's metadata. */
  readonly apiVersion?: string | undefined;
}

/** The operation that an earlier request of the same id started on the same job; and what remembers this one. */
export async function earlierOperation(
  { store, clock }: OperationPorts,
  name: JobName,
  verb: OperationRecord['verb'],
  requestId: string | undefined,
): Promise<{ earlier: Operation | undefined; seen: SeenRequest }> {
  const seen = await seenRequest(store, { ...name, verb, requestId }, clock.now());
  const id = seen.earlier?.operationId;
  const found =
    id === undefined
      ? undefined
      : await store.get<OperationRecord>(operationKey(name.project, name.location, id));
  const isSame = found?.body.target === formatJobName(name);
  return { earlier: isSame ? operationView(found.body) : undefined, seen };
}

/** A new operation on a job. */
export function newOperation(
  { clock, random }: OperationPorts,
  name: JobName,
  jobUid: string,
  verb: OperationRecord['verb'],
  apiVersion = 'v1',
): OperationRecord {
  const createdAt = clock.now();
  const letters = Math.floor(random() * 2 ** 48).toString(16);
  return {
    id: `operation-${createdAt}-${letters.padStart(12, '0')}`,
    project: name.project,
    location: name.location,
    target: formatJobName(name),
    jobUid,
    verb,
    apiVersion,
    createdAt,
    done: false,
    requestedCancellation: false,
  };
}

/** The write of a new operation. */
export function operationPut(operation: OperationRecord): Put {
  const { project, location, id } = operation;
  return { ...operationKey(project, location, id), body: operation, ifVersion: 0 };
}
