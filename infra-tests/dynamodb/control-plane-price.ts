import { priceList } from '../cost/price-list.ts';
import { noUsage, priceOf, total } from '../cost/usage.ts';
import type { StoreCharges } from './charged-store.ts';
import type { ManyNodesRun } from './many-nodes.ts';

/** Of the functions as the stack sizes them, and how long a warm call takes: a few round trips to the table. */
const GB_SECONDS_A_CALL = 1 * 0.06;

/** What the control plane of a run costs, for a million of its tasks. */
export function dollarsAMillion(
  { readUnits, writeUnits }: StoreCharges,
  { reports, calls }: ManyNodesRun,
  tasks: number,
): number {
  const lambdaCalls = reports + calls['advance-jobs'] + calls['publish-events'];
  const lambdaGbSeconds = lambdaCalls * GB_SECONDS_A_CALL;
  const usage = { ...noUsage(), readUnits, writeUnits, apiCalls: reports, lambdaCalls, lambdaGbSeconds };
  return (total(priceOf(usage, priceList)) / tasks) * 1e6;
}
