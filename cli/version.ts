import manifest from '../package.json' with { type: 'json' };

/** The version that package.json states. */
export const versionText: string = manifest.version;
