import { int64 } from './proto/integer.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';

/** What one task needs. */
export const computeResourceSchema = message('ComputeResource', {
  /** Thousandths of a vCPU. Default 2000. */
  cpuMilli: int64(),
  /** MiB. Default 2000. */
  memoryMib: int64(),
  gpuCount: int64(),
  /** Extra boot disk for each task, in MiB. */
  bootDiskMib: int64(),
});
export type ComputeResource = Infer<typeof computeResourceSchema>;
