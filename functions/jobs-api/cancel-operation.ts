import { commitAgain } from '../commit-again.ts';
import type { ReadPorts } from './api-ports.ts';
import { findOperation } from './find-operation.ts';

/** operations.cancel: noted in the operation's metadata and nothing else, for a cancellation or deletion cannot be called off. */
export async function cancelOperation({ store, clock }: ReadPorts, request: { name: string }): Promise<void> {
  await commitAgain(clock, async () => {
    const { pk, sk, version, body } = await findOperation(store, request.name);
    if (body.done || body.requestedCancellation) return;
    await store.commit([{ pk, sk, body: { ...body, requestedCancellation: true }, ifVersion: version }]);
  });
}
