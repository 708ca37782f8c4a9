import type { StoreCharges } from './charged-store.ts';
import type { ManyNodesRun } from './many-nodes.ts';

/** US dollars, list prices of us-east-1 on demand, November 2025. */
const price = {
  writeUnits: 0.625e-6,
  readUnits: 0.125e-6,
  apiCalls: 3.5e-6,
  lambdaCalls: 0.2e-6,
  /** On arm64. */
  lambdaGbSeconds: 13.3334e-6,
} as const;

/** Of the functions as the stack sizes them, and how long a warm call takes: a few round trips to the table. */
const GB_SECONDS_A_CALL = 1 * 0.06;

/** What the control plane of a run costs, for a million of its tasks. */
export function dollarsAMillion(
  counts: StoreCharges,
  { reports, calls }: ManyNodesRun,
  tasks: number,
): number {
  const lambdaCalls = reports + calls['advance-jobs'] + calls['publish-events'];
  const dollars =
    counts.writeUnits * price.writeUnits +
    counts.readUnits * price.readUnits +
    reports * price.apiCalls +
    lambdaCalls * (price.lambdaCalls + GB_SECONDS_A_CALL * price.lambdaGbSeconds);
  return (dollars / tasks) * 1e6;
}
