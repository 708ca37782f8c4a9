import type { SiblingWish } from '../core/fargate/sibling-plan.ts';
import type { JobRecord } from '../core/job/job-record.ts';
import type { FoundImage, ImageRegistry } from '../ports/image-registry.ts';
import type { PlanLogin } from './planned-logins.ts';

/** An image of a job's containers, as its registry shows it to whom the job says. */
export interface SiblingImage {
  readonly image: FoundImage;
  /** Keeps that login where ECS reads it, and returns what names it; absent where everybody may pull. */
  readonly keepLogin?: () => Promise<string>;
}

export type SiblingImages = (
  job: JobRecord,
  wish: Pick<SiblingWish, 'imageUri' | 'login'>,
) => Promise<SiblingImage>;

/** Finds images of containers. Throws an ImageError for one that cannot be used, and for a login that cannot be had. */
export function siblingImages(registry: ImageRegistry, planLogin: PlanLogin): SiblingImages {
  return async (job, { imageUri, login }) => {
    if (login === undefined) return { image: await registry.find(imageUri) };
    const { credentials, keep } = await planLogin(job, login);
    return { image: await registry.find(imageUri, credentials), keepLogin: keep };
  };
}
