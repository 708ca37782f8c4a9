import { describe, expect, it } from 'vitest';
import { defaultOrder, parseOrderBy } from './order-by.ts';

describe('parseOrderBy', () => {
  it.each([
    ['name', { field: 'name', descending: false }],
    ['name desc', { field: 'name', descending: true }],
    ['name asc', { field: 'name', descending: false }],
    ['create_time', { field: 'createTime', descending: false }],
    ['create_time  desc ', { field: 'createTime', descending: true }],
    ['createTime desc', { field: 'createTime', descending: true }],
    ['', defaultOrder],
    [undefined, defaultOrder],
  ])('%s', (text, order) => {
    expect(parseOrderBy(text)).toEqual(order);
  });

  it.each([
    'priority',
    'name descending',
    'name,create_time',
    'name DESC',
    'desc',
    'toString',
    'name desc desc',
  ])('refuses %s', (text) => {
    expect(() => parseOrderBy(text)).toThrow(
      `Invalid request: orderBy: cannot sort by ${JSON.stringify(text)}; allowed: name, name desc, create_time, create_time desc.`,
    );
  });
});
