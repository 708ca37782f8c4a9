import { isClosed } from '../core/fargate/closed-network.ts';
import type { Architecture } from '../core/fargate/machine-type.ts';
import { scriptImageOf } from '../core/fargate/node-launch.ts';
import {
  askedProcessor,
  chooseProcessor,
  type MadeImage,
  type ProcessorChoice,
} from '../core/fargate/node-processor.ts';
import { planSiblings } from '../core/fargate/sibling-plan.ts';
import type { JobRecord } from '../core/job/job-record.ts';
import type { FoundImage, ImageRegistry } from '../ports/image-registry.ts';
import type { SiblingImages } from './sibling-images.ts';

/** Where the images of nodes are looked up. */
export interface ImageSources {
  /** Those that jobs name; for one plan, so that all its groups have the same. */
  readonly ofJobs: ImageRegistry;
  /** The same for those of containers, which may want a login. */
  readonly ofSiblings: SiblingImages;
  /** The deployment's own, which every node has: it may be asked once for many plans. */
  readonly ofNodes: ImageRegistry;
}

/**
 * Finds out what processor the nodes of a group have, by what all of their images are made for. `usual`: of the deployment.
 * Nothing is looked up for nodes that are as usual and have the deployment's own image alone. Throws an ImageError where no
 * processor suits.
 */
export function processorOfGroup({ ofJobs, ofSiblings, ofNodes }: ImageSources, usual: Architecture) {
  return async (job: JobRecord, order: number, nodeImage: string): Promise<ProcessorChoice> => {
    const policy = job.spec.allocationPolicy ?? {};
    const asked = askedProcessor(policy.instances?.[0]?.policy ?? {});
    const group = job.spec.taskGroups?.[order] ?? {};
    const { siblings } = planSiblings(group);
    const script = isClosed(group) ? undefined : scriptImageOf(policy);
    const wishes = new Map(siblings.map((sibling) => [sibling.imageUri, sibling]));
    if (wishes.size === 0 && script === undefined && (asked?.architecture ?? usual) === usual)
      return { architecture: usual };
    const images = await Promise.all([
      ...[...wishes.values()].map(async (wish) => made(wish.imageUri, (await ofSiblings(job, wish)).image)),
      ...(script === undefined ? [] : [madeImage(ofJobs, script)]),
      madeImage(ofNodes, nodeImage),
    ]);
    return chooseProcessor({ asked, usual, images });
  };
}

async function madeImage(registry: ImageRegistry, image: string): Promise<MadeImage> {
  return made(image, await registry.find(image));
}

function made(image: string, { platforms }: FoundImage): MadeImage {
  return { image, platforms };
}
