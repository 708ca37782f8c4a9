import { limits } from '../../shared/contract/limits.ts';
import type { LocationName } from '../../shared/contract/resource-name.ts';
import { expiryIndex, requestKey } from '../../shared/core/keys.ts';
import type { Put, Store } from '../../shared/ports/store.ts';

/** What a request with a requestId made: the same request within the hour gets the same answer. */
export interface RequestRecord {
  readonly uid: string;
  /** The operation, for a verb that starts one. */
  readonly operationId?: string;
  readonly at: number;
}

export interface SeenRequest {
  /** What the first request of this id made, if there was one within the hour. */
  readonly earlier: RequestRecord | undefined;
  /** The writes that make this request the first; none without a requestId. */
  remember(made: Omit<RequestRecord, 'at'>): Put[];
}

/** Looks for an earlier request of the same id. Requests of different verbs do not know of each other. */
export async function seenRequest(
  store: Store,
  request: LocationName & { verb: 'create' | 'cancel' | 'delete'; requestId: string | undefined },
  now: number,
): Promise<SeenRequest> {
  const { project, location, verb, requestId } = request;
  if (!requestId) return { earlier: undefined, remember: () => [] };
  const key = requestKey(project, location, `${verb}:${requestId.toLowerCase()}`);
  const found = await store.get<RequestRecord>(key);
  const isRecent = found !== undefined && now - found.body.at < limits.requestIdMs;
  return {
    earlier: isRecent ? found.body : undefined,
    remember: (made) => [
      {
        ...key,
        body: { ...made, at: now },
        ifVersion: found?.version ?? 0,
        index: expiryIndex(now + limits.requestIdMs, key.sk),
      },
    ],
  };
}
