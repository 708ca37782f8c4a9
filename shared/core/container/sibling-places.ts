/** Where things are in a sibling container. */
export const SIBLING_PLACES = {
  /** The runtime, read-only: loader and libraries in `lib`, programs in `bin`, and the wrapper. */
  runtime: '/sluice',
  /** The sibling's own channel: the agent's socket and the pipes. */
  channel: '/sluice-channel',
  /** In the agent's container: all channels, each in a folder with its volume's name. */
  channels: '/sluice-channels',
} as const;

/** The variable that tells the wrapper what its image runs. */
export const IMAGE_VARIABLE = 'SLUICE_IMAGE';

/** The variable that tells the agent of its siblings: see `agent/sibling/sibling-config.ts`. */
export const SIBLINGS_VARIABLE = 'SLUICE_SIBLINGS';
