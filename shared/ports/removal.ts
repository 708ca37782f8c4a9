import type { Item, Remove } from './store.ts';

/** Removes an item as it was read: a conflict, when somebody has written it since. */
export function removal({ pk, sk, version }: Item): Remove {
  return { pk, sk, remove: true, ifVersion: version };
}
