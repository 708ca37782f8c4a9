import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter } from './filter.ts';
import { type Comparison, type Filter, parseFilter } from './filter-syntax.ts';
import { filterText } from './filter-text.ts';
import { type FilterableJob, jobFields, requiredJobStates } from './job-fields.ts';

describe('compileFilter against a plain evaluator', () => {
  const states = ['QUEUED', 'RUNNING', 'FAILED'];
  const hours = ['00', '01', '02'];
  const time = (hour: string, offset = 'Z'): string => `2026-01-02T${hour}:00:00${offset}`;
  const comparison = fc.oneof(
    fc.tuple(fc.constant('state'), fc.constantFrom('=', '!=', ':'), fc.constantFrom(...states)),
    fc.tuple(
      fc.constant('priority'),
      fc.constantFrom('=', '!=', '<', '<=', '>', '>=', ':'),
      fc.constantFrom('1', '2', '3'),
    ),
    fc.tuple(fc.constant('labels.k'), fc.constantFrom('=', '!=', '<', '>='), fc.constantFrom('a', 'b')),
    fc.tuple(
      fc.constant('createTime'),
      fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
      fc.constantFrom(...hours),
    ),
  );
  const leaf = comparison.map(([path, comparator, value]) => {
    const text = path === 'createTime' ? time(`1${value.at(1)}`, '+10:00') : value;
    return parseFilter(`${path} ${comparator} "${text}"`);
  });
  const { filter } = fc.letrec<{ filter: Filter; several: Filter[] }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.record({ kind: fc.constant('not' as const), part: tie('filter') }),
      fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), parts: tie('several') }),
    ),
    several: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
  }));
  const items = fc.record({
    state: fc.constantFrom(...states),
    priority: fc.integer({ min: 1, max: 3 }),
    k: fc.option(fc.constantFrom('a', 'b')),
    hour: fc.constantFrom(...hours),
  });
  type Item = typeof items extends fc.Arbitrary<infer T> ? T : never;

  /** Orders left and right as numbers: what is equal is 0, and NaN compares with nothing. */
  function order(node: Comparison, item: Item): number {
    switch (node.path.join('.')) {
      case 'state':
        return item.state === node.value ? 0 : 1;
      case 'priority':
        return item.priority - Number(node.value);
      case 'labels.k':
        return item.k === null ? Number.NaN : item.k.charCodeAt(0) - node.value.charCodeAt(0);
      default:
        return Date.parse(time(item.hour)) - Date.parse(node.value);
    }
  }

  function evaluate(node: Filter, item: Item): boolean {
    if (node.kind === 'comparison') return compare(node, item);
    if (node.kind === 'and') return !node.parts.some((part) => !evaluate(part, item));
    if (node.kind === 'or') return node.parts.filter((part) => evaluate(part, item)).length > 0;
    return node.kind === 'not' && !evaluate(node.part, item);
  }

  function compare(node: Comparison, item: Item): boolean {
    const difference = order(node, item);
    const isEqual = difference === 0;
    if (node.comparator === '!=') return !isEqual;
    const below = node.comparator.startsWith('<') && difference < 0;
    const above = node.comparator.startsWith('>') && difference > 0;
    return below || above || (isEqual && /[=:]/.test(node.comparator));
  }

  it('matches the same jobs, from the text as well, and never outside the required states', () => {
    fc.assert(
      fc.property(filter, items, (node, item) => {
        const subject: FilterableJob = {
          priority: item.priority,
          labels: item.k === null ? {} : { k: item.k },
          createTime: time(item.hour),
          status: { state: item.state },
        };
        const matches = compileFilter(node, jobFields)(subject);
        expect(matches).toBe(evaluate(node, item));
        expect(compileFilter(filterText(node), jobFields)(subject)).toBe(matches);
        const required: readonly string[] | undefined = requiredJobStates(node);
        if (matches && required !== undefined) expect(required).toContain(item.state);
      }),
      { numRuns: 2000 },
    );
  });
});
