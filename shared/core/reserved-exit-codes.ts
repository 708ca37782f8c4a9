/**
 * Exit codes that Google Batch reserves for what happens to the node rather than to the program, with the words that
 * clients match in status events (its troubleshooting page, and what real jobs show).
 */
export const reservedExitCodes = {
  UNKNOWN: { code: 50000, reason: undefined },
  PREEMPTED: { code: 50001, reason: 'Spot VM preemption' },
  SILENT: { code: 50002, reason: 'Batch no longer receives VM updates' },
  REBOOTED: { code: 50003, reason: 'VM is rebooted during task execution' },
  UNRESPONSIVE: { code: 50004, reason: 'tasks cannot be canceled' },
  OVERTIME: { code: 50005, reason: 'task runs over the maximum runtime' },
  RECREATED: { code: 50006, reason: 'VM is recreated during task execution' },
} as const;

export type ReservedExit = keyof typeof reservedExitCodes;

/**
 * What tasks end with whose node was stopped below them. Spot capacity is preempted; any other node that its platform moves
 * or somebody stops has another one in its seat next, as a machine that Google recreates.
 */
export function exitOfStoppedNode(isPreempted: boolean): ReservedExit {
  return isPreempted ? 'PREEMPTED' : 'RECREATED';
}

/** The reason in words for a reserved code; undefined for 50000 and for a program's own codes. */
export function reasonOf(exitCode: number): string | undefined {
  return Object.values(reservedExitCodes).find((entry) => entry.code === exitCode)?.reason;
}
