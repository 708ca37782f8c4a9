import { describe, expect, it } from 'vitest';
import { type RefusedJob, SPEC, violationsOf, withSpec } from './sample-jobs.ts';

const refused: RefusedJob[] = [
  [
    'a volume without source',
    withSpec({ volumes: [{ mountPath: '/a' }] }),
    `${SPEC}.volumes[0]`,
    'must have exactly one of nfs, gcs, pd and deviceName; given none',
  ],
  [
    'a volume with two sources',
    withSpec({ volumes: [{ mountPath: '/a', gcs: { remotePath: 'b' }, deviceName: 'd' }] }),
    `${SPEC}.volumes[0]`,
    'must have only one of nfs, pd, gcs, deviceName; given gcs and deviceName',
  ],
  [
    'a relative mount path',
    withSpec({ volumes: [{ mountPath: 'a', deviceName: 'd' }] }),
    `${SPEC}.volumes[0].mountPath`,
    'must be an absolute path, such as /mnt/disks/share; given "a"',
  ],
  [
    'a bucket without name',
    withSpec({ volumes: [{ mountPath: '/a', gcs: {} }] }),
    `${SPEC}.volumes[0].gcs.remotePath`,
    'is required; given nothing',
  ],
  [
    'NFS without server',
    withSpec({ volumes: [{ mountPath: '/a', nfs: { remotePath: '/x' } }] }),
    `${SPEC}.volumes[0].nfs.server`,
    'is required; given nothing',
  ],
];

describe('volumes', () => {
  it.each(refused)('are refused for %s', (_, body, field, description) => {
    expect(violationsOf(body)).toContainEqual({ field, description });
  });
});
