import { removal } from '../../shared/ports/removal.ts';
import { commitAgain } from '../commit-again.ts';
import type { ReadPorts } from './api-ports.ts';
import { findOperation } from './find-operation.ts';

/** operations.delete: forgets the operation; what it does goes on. */
export async function deleteOperation({ store, clock }: ReadPorts, request: { name: string }): Promise<void> {
  await commitAgain(clock, async () => {
    await store.commit([removal(await findOperation(store, request.name))]);
  });
}
