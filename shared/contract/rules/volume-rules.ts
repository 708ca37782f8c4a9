import type { Problems } from '../proto/problems.ts';
import type { Volume } from '../volume.ts';

/** Checks a volume that stands here: one source (that there are not two is known already) and an absolute mount path. */
export function checkVolume(problems: Problems, volume: Volume): void {
  const { nfs, gcs, pd, deviceName, mountPath } = volume;
  if (nfs === undefined && gcs === undefined && pd === undefined && deviceName === undefined) {
    problems.add('must have exactly one of nfs, gcs, pd and deviceName; given none');
  }
  if (gcs !== undefined) problems.at('gcs', () => requireText(problems, 'remotePath', gcs.remotePath));
  if (nfs !== undefined) {
    problems.at('nfs', () => {
      requireText(problems, 'server', nfs.server);
      requireText(problems, 'remotePath', nfs.remotePath);
    });
  }
  if (deviceName !== undefined) requireText(problems, 'deviceName', deviceName);
  if (mountPath?.startsWith('/') !== true) {
    problems.at('mountPath', () =>
      problems.refuse(mountPath ?? '', 'an absolute path, such as /mnt/disks/share'),
    );
  }
}

function requireText(problems: Problems, field: string, value: string | undefined): void {
  if (!value) problems.at(field, () => problems.add('is required; given nothing'));
}
