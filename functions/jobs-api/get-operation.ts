import type { Operation } from '../../shared/contract/operation.ts';
import type { ReadPorts } from './api-ports.ts';
import { findOperation } from './find-operation.ts';
import { operationView } from './operation-view.ts';

/** operations.get: clients ask until it says `done`. */
export async function getOperation(
  { store }: Pick<ReadPorts, 'store'>,
  request: { name: string },
): Promise<Operation> {
  return operationView((await findOperation(store, request.name)).body);
}
