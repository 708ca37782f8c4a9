import { notFound } from '../../shared/contract/error.ts';
import { formatOperationName, parseOperationName } from '../../shared/contract/resource-name.ts';
import { operationKey } from '../../shared/core/keys.ts';
import type { OperationRecord } from '../../shared/core/operation-record.ts';
import type { Item, Store } from '../../shared/ports/store.ts';

/** The record of an operation by its full name; NOT_FOUND when there is none. */
export async function findOperation(store: Store, text: string): Promise<Item<OperationRecord>> {
  const name = parseOperationName(text);
  const found = await store.get<OperationRecord>(operationKey(name.project, name.location, name.operationId));
  if (found === undefined) throw notFound(formatOperationName(name));
  return found;
}
