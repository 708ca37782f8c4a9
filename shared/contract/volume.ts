import { list } from './proto/collection.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { bool, text } from './proto/scalar.ts';

export const nfsSchema = message('NFS', { server: text(), remotePath: text() });
export type Nfs = Infer<typeof nfsSchema>;

/** A bucket or a folder in one: `bucket` or `bucket/folder/`. */
export const gcsSchema = message('GCS', { remotePath: text() });
export type Gcs = Infer<typeof gcsSchema>;

/** Deprecated in the API; `deviceName` replaces it. */
export const pdSchema = message('PD', { disk: text(), device: text(), existing: bool() });
export type Pd = Infer<typeof pdSchema>;

/** A volume and where it is mounted. */
export const volumeSchema = message(
  'Volume',
  {
    nfs: nfsSchema,
    pd: pdSchema,
    gcs: gcsSchema,
    deviceName: text(),
    mountPath: text(),
    mountOptions: list(text()),
  },
  { source: ['nfs', 'pd', 'gcs', 'deviceName'] },
);
export type Volume = Infer<typeof volumeSchema>;
