import type { Host } from '../host.ts';
import type { Operation } from './answers.ts';
import type { BatchClient } from './batch-client.ts';

const FIRST_POLL_MS = 100;
const LONGEST_POLL_MS = 1_000;

/** Asks for an operation until it is done. */
export async function waitForOperation(
  client: BatchClient,
  host: Pick<Host, 'sleep'>,
  started: Operation,
): Promise<Operation> {
  let operation = started;
  for (let delay = FIRST_POLL_MS; operation.done !== true; delay = Math.min(delay * 1.5, LONGEST_POLL_MS)) {
    await host.sleep(delay);
    operation = await client.getOperation(operation.name);
  }
  return operation;
}
