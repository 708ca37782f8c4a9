/** What an app of one's own puts into its stacks. */
export type { SluiceProps } from './sluice.ts';
export { Sluice } from './sluice.ts';
