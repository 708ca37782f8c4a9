import { failedPrecondition } from '../../shared/contract/error.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { formatJobName, parseJobName } from '../../shared/contract/resource-name.ts';
import { moveJob } from '../../shared/core/job/job-events.ts';
import { isLive, type JobStateName } from '../../shared/core/job/job-states.ts';
import { commitAgain } from '../commit-again.ts';
import { jobWrite } from '../write-job.ts';
import type { OperationPorts } from './api-ports.ts';
import { findJobHead } from './find-job.ts';
import { operationView } from './operation-view.ts';
import { earlierOperation, type JobOperationRequest, newOperation, operationPut } from './start-operation.ts';

/**
 * jobs.cancel: a live job goes to CANCELLATION_IN_PROGRESS, and the operation is done when it is CANCELLED. To cancel a
 * cancelled job gives an operation that is done; in any other state it is FAILED_PRECONDITION (clients rely on all three).
 */
export async function cancelJob(ports: OperationPorts, request: JobOperationRequest): Promise<Operation> {
  const { store } = ports;
  const name = parseJobName(request.name);
  return commitAgain(ports.clock, async () => {
    const { earlier, seen } = await earlierOperation(ports, name, 'cancel', request.requestId);
    if (earlier !== undefined) return earlier;
    const item = await findJobHead(store, name);
    const job = item.body;
    const operation = newOperation(ports, name, job.uid, 'cancel', request.apiVersion);
    const remembered = seen.remember({ uid: job.uid, operationId: operation.id });
    if (job.state === 'CANCELLED') {
      const done = { ...operation, done: true, endedAt: operation.createdAt };
      await store.commit([operationPut(done), ...remembered]);
      return operationView(done);
    }
    if (!isLive(job.state)) throw failedPrecondition(refusal(formatJobName(name), job.state));
    moveJob(job, 'cancel-requested', operation.createdAt);
    job.operations.push(operation.id);
    await store.commit([jobWrite(item), operationPut(operation), ...remembered]);
    return operationView(operation);
  });
}

function refusal(name: string, state: JobStateName): string {
  return state === 'CANCELLATION_IN_PROGRESS'
    ? `The cancellation of '${name}' is in progress already.`
    : `'${name}' is ${state}; only a job that is QUEUED, SCHEDULED or RUNNING can be cancelled.`;
}
