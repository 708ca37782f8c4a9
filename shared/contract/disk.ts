import { int64 } from './proto/integer.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { text } from './proto/scalar.ts';

/** A new disk of a node. */
export const diskSchema = message(
  'Disk',
  { image: text(), snapshot: text(), type: text(), sizeGb: int64(), diskInterface: text() },
  { dataSource: ['image', 'snapshot'] },
);
export type Disk = Infer<typeof diskSchema>;

/** A new or existing disk; `deviceName` is what a volume refers to. */
export const attachedDiskSchema = message(
  'AttachedDisk',
  { newDisk: diskSchema, existingDisk: text(), deviceName: text() },
  { attached: ['newDisk', 'existingDisk'] },
);
export type AttachedDisk = Infer<typeof attachedDiskSchema>;
