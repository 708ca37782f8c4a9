import { invalidField } from '../../contract/error.ts';
import { shown } from './filter-error.ts';

/** How a list of jobs is sorted. */
export interface OrderBy {
  readonly field: 'name' | 'createTime';
  readonly descending: boolean;
}

/** Newest first: what a list shows when nothing else is asked for. */
export const defaultOrder: OrderBy = { field: 'createTime', descending: true };

const fieldsBySpelling: Readonly<Record<string, OrderBy['field']>> = {
  name: 'name',
  create_time: 'createTime',
  createTime: 'createTime',
};
const ORDER_BY = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/;
const ALLOWED = ['name', 'name desc', 'create_time', 'create_time desc'].join(', ');

/** Reads `orderBy`; an empty one is the default order, and anything but Google's four orders is INVALID_ARGUMENT. */
export function parseOrderBy(text = ''): OrderBy {
  if (text.trim() === '') return defaultOrder;
  const [, spelling = '', direction] = ORDER_BY.exec(text) ?? [];
  const field = Object.hasOwn(fieldsBySpelling, spelling) ? fieldsBySpelling[spelling] : undefined;
  if (field === undefined)
    throw invalidField('orderBy', `cannot sort by ${shown(text)}; allowed: ${ALLOWED}`);
  return { field, descending: direction === 'desc' };
}
