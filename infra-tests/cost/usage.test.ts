import { describe, expect, it } from 'vitest';
import { aTaskEach, onNodes } from './a-task-each.ts';
import { priceList } from './price-list.ts';
import { priceOf, quantities, readMeter, total, usageOf } from './usage.ts';

const lambda = (name: string, more: object = {}) =>
  JSON.stringify({
    kind: 'lambda',
    at: 1,
    function: name,
    ms: 99.2,
    memoryMib: 1024,
    api: false,
    logBytes: 100,
    ...more,
  });
const dynamodb = (by: string, readUnits: number, writeUnits: number) =>
  JSON.stringify({ kind: 'dynamodb', by, action: 'Query', readUnits, writeUnits });

describe('usageOf', () => {
  it('sums what the meter has written down', () => {
    const lines = [
      lambda('sluice-state-report', { api: true }),
      lambda('sluice-plan-job', { memoryMib: 512 }),
      dynamodb('sluice-FunctionsJobsApiRole1', 0.5, 4),
      dynamodb('sluice-FunctionsJobsApiRole1', 2, 0),
      '{"kind":"transition","execution":"e"}',
      '{"kind":"sns","messages":10}',
    ];
    expect(usageOf(readMeter(`${lines.join('\n')}\n`))).toEqual({
      apiCalls: 1,
      lambdaCalls: 2,
      lambdaGbSeconds: 0.15000000000000002,
      readUnits: 2.5,
      writeUnits: 4,
      transitions: 1,
      snsMessages: 10,
      logBytes: 100 + 330 + 450 + 100 + 330,
    });
  });

  it('leaves out the sweep, which comes every minute, whatever jobs there are', () => {
    const lines = [lambda('sluice-sweep-jobs'), dynamodb('sluice-FunctionsSweepJobsRole9', 3, 3)];
    expect(total(usageOf(readMeter(lines.join('\n'))))).toBe(0);
  });

  it('refuses a line that it does not know', () => {
    expect(() => readMeter('{"kind":"sqs"}')).toThrow();
  });
});

describe('prices', () => {
  const million = Object.fromEntries(quantities.map((name) => [name, 1e6])) as never;

  it('are those of the list, each quantity by its own', () => {
    const price = priceOf(million, priceList);
    expect(price.apiCalls).toBeCloseTo(3.5);
    expect(price.writeUnits).toBeCloseTo(0.625);
    expect(price.transitions).toBeCloseTo(25);
    expect(total(price)).toBeCloseTo(3.5 + 0.2 + 13.3334 + 0.125 + 0.625 + 25 + 0.5 + 0.0005);
  });

  it('charge a Fargate task for a minute, however short it is', () => {
    const each = aTaskEach(1e6, priceList);
    expect(each.awsBatch).toBeCloseTo((1e6 / 60) * (0.25 * 0.04048 + 0.5 * 0.004445), 2);
    expect(each.stepFunctions - each.awsBatch).toBeCloseTo(50);
  });

  it('charge a node for its time, a minute at least', () => {
    const aMinute = (0.04048 + 2 * 0.004445) / 60;
    expect(onNodes(10, 0.1, 1, priceList)).toBeCloseTo(aMinute);
    expect(onNodes(60_000, 1, 10, priceList)).toBeCloseTo(1000 * aMinute);
  });
});
