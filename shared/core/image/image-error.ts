/**
 * Why an image cannot be used. NOT_FOUND: no such repository, tag or digest. DENIED: the registry wants other
 * credentials, or does not give the image to these. WRONG_LOGIN: it lets nobody in with that username and password.
 * RATE_LIMITED and UNAVAILABLE pass. WRONG_PLATFORM: there is an image, for another processor. INVALID: the reference, or
 * what the registry says, cannot be read.
 */
export type ImageProblem =
  | 'NOT_FOUND'
  | 'DENIED'
  | 'WRONG_LOGIN'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE'
  | 'WRONG_PLATFORM'
  | 'INVALID';

const passing: ReadonlySet<ImageProblem> = new Set(['RATE_LIMITED', 'UNAVAILABLE']);

/** An image that cannot be used; the message is meant for the job's history. */
export class ImageError extends Error {
  /** What passes has a name of its own: a run tries it again by its name. */
  override readonly name: 'ImageError' | 'RegistryBusyError';
  readonly problem: ImageProblem;

  constructor(problem: ImageProblem, message: string) {
    super(message);
    this.problem = problem;
    this.name = passing.has(problem) ? 'RegistryBusyError' : 'ImageError';
  }

  /** Whether it may be otherwise at another time. */
  get passes(): boolean {
    return passing.has(this.problem);
  }
}
