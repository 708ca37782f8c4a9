/** The siblings of a node, as its task definition tells the agent. */
export interface SiblingsConfig {
  /** Their channels, by the keys of the requests that they serve; several keys may share one. */
  readonly channels: Readonly<Record<string, string>>;
  /** Folders whose contents are a task's own. */
  readonly volumes: readonly string[];
}

/** Reads it from the node's configuration. Written by hand as that is; errors name the field. */
export function parseSiblings(given: unknown): SiblingsConfig {
  const { channels, volumes } = (given ?? {}) as { channels?: unknown; volumes?: unknown };
  const isMap = typeof channels === 'object' && channels !== null && Object.values(channels).every(isText);
  if (!isMap) throw new Error('node config: siblings.channels must be folders by keys');
  if (!Array.isArray(volumes) || !volumes.every(isText))
    throw new Error('node config: siblings.volumes must be a list of folders');
  return { channels: channels as Record<string, string>, volumes };
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('/');
}
