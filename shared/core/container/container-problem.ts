/**
 * What is wrong with a field of a container. UNSUPPORTED: it may be asked for elsewhere, and is not to be had here.
 * INVALID: nobody could make sense of it.
 */
export interface ContainerProblem {
  readonly kind: 'UNSUPPORTED' | 'INVALID';
  /** Relative to the container: `volumes[0]` or `options`. */
  readonly field: string;
  readonly why: string;
}
