import { failedPrecondition } from '../../shared/contract/error.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { formatJobName, parseJobName } from '../../shared/contract/resource-name.ts';
import { moveJob, noteOnJob } from '../../shared/core/job/job-events.ts';
import { commitAgain } from '../commit-again.ts';
import { jobWrite } from '../write-job.ts';
import type { OperationPorts } from './api-ports.ts';
import { findJobHead } from './find-job.ts';
import { operationView } from './operation-view.ts';
import { earlierOperation, type JobOperationRequest, newOperation, operationPut } from './start-operation.ts';

export interface DeleteJobRequest extends JobOperationRequest {
  readonly reason?: string | undefined;
}

const REASON_LENGTH = 1000;

/** jobs.delete: a job in any state goes to DELETION_IN_PROGRESS; the operation is done when nothing is left of the job. */
export async function deleteJob(ports: OperationPorts, request: DeleteJobRequest): Promise<Operation> {
  const { store } = ports;
  const name = parseJobName(request.name);
  return commitAgain(ports.clock, async () => {
    const { earlier, seen } = await earlierOperation(ports, name, 'delete', request.requestId);
    if (earlier !== undefined) return earlier;
    const item = await findJobHead(store, name);
    const job = item.body;
    if (job.state === 'DELETION_IN_PROGRESS') {
      throw failedPrecondition(`The deletion of '${formatJobName(name)}' is in progress already.`);
    }
    const operation = newOperation(ports, name, job.uid, 'delete', request.apiVersion);
    const now = operation.createdAt;
    if (request.reason) noteOnJob(job, `Deletion requested: ${request.reason.slice(0, REASON_LENGTH)}`, now);
    moveJob(job, 'delete-requested', now);
    job.operations.push(operation.id);
    const remembered = seen.remember({ uid: job.uid, operationId: operation.id });
    await store.commit([jobWrite(item), operationPut(operation), ...remembered]);
    return operationView(operation);
  });
}
