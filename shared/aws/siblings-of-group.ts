import type { NodeShape } from '../core/fargate/fargate-plan.ts';
import { nodeImage } from '../core/fargate/node-launch.ts';
import { planSiblings } from '../core/fargate/sibling-plan.ts';
import type { Platform } from '../core/image/image-manifest.ts';
import type { JobRecord } from '../core/job/job-record.ts';
import type { ImageRegistry } from '../ports/image-registry.ts';
import { type RuntimeSource, type SiblingMakeup, siblingContainers } from './sibling-containers.ts';

const architectures = { ARM64: 'arm64', X86_64: 'amd64' } as const satisfies Record<
  NodeShape['architecture'],
  Platform['architecture']
>;

/**
 * What siblings bring to the nodes of a group, their images looked up in their registries now; undefined for a group
 * without containers. Throws an ImageError for an image that cannot be used.
 */
export function siblingsOfGroup(registry: ImageRegistry, runtime: RuntimeSource) {
  return async (job: JobRecord, order: number, shape: NodeShape): Promise<SiblingMakeup | undefined> => {
    const plan = planSiblings(job.spec.taskGroups?.[order] ?? {});
    if (plan.siblings.length === 0) return undefined;
    const platform = { os: 'linux', architecture: architectures[shape.architecture] } as const;
    const resolved = await Promise.all(
      plan.siblings.map(async (sibling) => ({
        ...sibling,
        image: await registry.resolve(sibling.imageUri, platform, sibling.login),
      })),
    );
    const image = nodeImage(job.spec.allocationPolicy ?? {}, runtime.image);
    return siblingContainers(resolved, plan, { ...runtime, image });
  };
}
