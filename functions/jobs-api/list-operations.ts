import { invalidField } from '../../shared/contract/error.ts';
import type { ListOperationsResponse } from '../../shared/contract/operation.ts';
import { formatOperationName, parseLocationName } from '../../shared/contract/resource-name.ts';
import { operationKey } from '../../shared/core/keys.ts';
import type { OperationRecord } from '../../shared/core/operation-record.ts';
import { compileFilter } from '../../shared/core/query/filter.ts';
import type { FilterFields } from '../../shared/core/query/filter-fields.ts';
import { decodePageToken, encodePageToken } from '../../shared/core/query/page-token.ts';
import type { ReadPorts } from './api-ports.ts';
import { collectPage, pageSizeOf, readOn } from './collect-page.ts';
import { operationView } from './operation-view.ts';

export interface ListOperationsRequest {
  readonly parent: string;
  readonly filter?: string | undefined;
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
}

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 1000;
const SCAN_LIMIT = 2000;

const operationFields: FilterFields<OperationRecord> = {
  name: {
    kind: 'text',
    of: ({ project, location, id }) => formatOperationName({ project, location, operationId: id }),
  },
  done: { kind: 'bool', of: ({ done }) => done },
  'metadata.target': { kind: 'text', of: ({ target }) => target },
  'metadata.verb': { kind: 'text', of: ({ verb }) => verb },
};

/** operations.list: the operations of one location, oldest first. */
export async function listOperations(
  { store }: Pick<ReadPorts, 'store'>,
  request: ListOperationsRequest,
): Promise<ListOperationsResponse> {
  const { project, location } = parseLocationName(request.parent, 'name');
  if (location === '-') throw invalidField('name', 'must name one location; given "-"');
  const matches = compileFilter(request.filter ?? '', operationFields);
  const after = decodePageToken(request.pageToken, request);
  const page = await collectPage(
    readOn(
      (range) => store.query<OperationRecord>(range),
      { pk: operationKey(project, location, '').pk },
      ({ sk }) => sk,
      after,
    ),
    { pageSize: pageSizeOf(request.pageSize, DEFAULT_PAGE, LARGEST_PAGE), scanLimit: SCAN_LIMIT },
    ({ body }) => (matches(body) ? operationView(body) : undefined),
  );
  return {
    operations: page.found,
    ...(page.lastKey === undefined ? {} : { nextPageToken: encodePageToken(page.lastKey, request) }),
  };
}
