import type { NodeShape } from '../core/fargate/fargate-plan.ts';
import { scriptImageOf } from '../core/fargate/node-launch.ts';
import { planSiblings } from '../core/fargate/sibling-plan.ts';
import type { Platform } from '../core/image/image-manifest.ts';
import type { JobRecord } from '../core/job/job-record.ts';
import type { ImageRegistry } from '../ports/image-registry.ts';
import {
  type ResolvedSibling,
  type RuntimeSource,
  type SiblingMakeup,
  siblingContainers,
} from './sibling-containers.ts';
import type { SiblingImages } from './sibling-images.ts';

const architectures = { ARM64: 'arm64', X86_64: 'amd64' } as const satisfies Record<
  NodeShape['architecture'],
  Platform['architecture']
>;

/**
 * What siblings bring to the nodes of a group, their images looked up in their registries now, and the logins for these kept
 * for ECS; undefined for a group without containers. Throws an ImageError for an image that cannot be used.
 */
export function siblingsOfGroup(imageOf: SiblingImages) {
  return async (
    job: JobRecord,
    order: number,
    shape: NodeShape,
    runtime: RuntimeSource,
  ): Promise<SiblingMakeup | undefined> => {
    const plan = planSiblings(job.spec.taskGroups?.[order] ?? {});
    if (plan.siblings.length === 0) return undefined;
    const platform = platformOf(shape);
    const found = await Promise.all(
      plan.siblings.map(async ({ login, ...sibling }) => {
        const { image, keepLogin } = await imageOf(job, { ...sibling, ...(login && { login }) });
        return {
          ...sibling,
          image: { pinned: image.pinned, config: await image.configFor(platform) },
          keepLogin,
        };
      }),
    );
    // Only once all images are there, and one after the other: a plan that fails must not be keeping any behind its back.
    const resolved: ResolvedSibling[] = [];
    for (const { keepLogin, ...sibling } of found)
      resolved.push(
        keepLogin === undefined ? sibling : { ...sibling, repositoryCredentials: await keepLogin() },
      );
    return siblingContainers(resolved, plan, runtime);
  };
}

/** The image that a job names for its scripts, by its digest, looked up now; undefined where it names none. */
export function scriptImage(registry: ImageRegistry) {
  return async (job: JobRecord): Promise<string | undefined> => {
    const image = scriptImageOf(job.spec.allocationPolicy ?? {});
    if (image === undefined) return undefined;
    return (await registry.find(image)).pinned;
  };
}

function platformOf({ architecture }: NodeShape): Platform {
  return { os: 'linux', architecture: architectures[architecture] };
}
