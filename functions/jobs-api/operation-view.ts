import { formatOperation, type Operation } from '../../shared/contract/operation.ts';
import { formatOperationName } from '../../shared/contract/resource-name.ts';
import { formatTimestamp } from '../../shared/contract/time.ts';
import type { OperationRecord } from '../../shared/core/operation-record.ts';

const results = { cancel: { response: 'cancelJobResponse' }, delete: { response: 'empty' } } as const;

/** An operation as clients see it. */
export function operationView(record: OperationRecord): Operation {
  const { id, project, location, endedAt, done, verb } = record;
  return formatOperation(
    formatOperationName({ project, location, operationId: id }),
    {
      createTime: formatTimestamp(record.createdAt),
      ...(endedAt === undefined ? {} : { endTime: formatTimestamp(endedAt) }),
      target: record.target,
      verb,
      requestedCancellation: record.requestedCancellation,
      apiVersion: record.apiVersion,
    },
    done ? results[verb] : undefined,
  );
}
