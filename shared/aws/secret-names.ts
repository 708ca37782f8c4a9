/** How names of Google's stand for secrets and keys of this account. */
export interface SecretRules {
  /** Name of a secret, with `{project}` and `{secret}` in it: `sluice/{project}/{secret}`. */
  readonly secretName: string;
  /** Alias of a key, with `{key}` in it: `alias/sluice/{key}`. */
  readonly keyAlias: string;
  /** Secrets that jobs may name by their ARNs. */
  readonly secretArns: readonly string[];
}

/** A secret of Secrets Manager, and which version of it. */
export interface SecretPlace {
  readonly id: string;
  readonly version: string;
}

const SECRET = /^projects\/([^/]+)\/secrets\/([^/]+)\/versions\/([^/]+)$/;
const KEY = /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/([^/]+)$/;
/** Google's words for versions, and the stages that they stand for. */
const STAGES: Readonly<Record<string, string>> = { latest: 'AWSCURRENT', previous: 'AWSPREVIOUS' };

/**
 * Where a secret is that a job of `project` names, or why it may not name it. A job gets secrets of its own project, for
 * access to jobs is granted by project; and those whose ARNs the deployment allows to all.
 */
export function placeOfSecret(
  name: string,
  project: string | undefined,
  { secretName, secretArns }: SecretRules,
): SecretPlace | { readonly problem: string } {
  if (name.startsWith('arn:')) {
    if (secretArns.includes(name)) return { id: name, version: 'AWSCURRENT' };
    return { problem: 'is none of the ARNs that this deployment allows (setting secretArns)' };
  }
  const [, owner, secret, version = ''] = SECRET.exec(name) ?? [];
  if (owner === undefined || secret === undefined) return { problem: 'is no name of a secret' };
  if (project !== undefined && owner !== project)
    return { problem: `belongs to project ${owner}; jobs of ${project} have that project's secrets only` };
  const id = secretName.replaceAll('{project}', owner).replaceAll('{secret}', secret);
  return { id, version: STAGES[version] ?? version };
}

/** What KMS knows a key by: an ARN as it is, or the alias that Google's name stands for. */
export function idOfKey(keyName: string, { keyAlias }: SecretRules): string {
  return keyName.startsWith('arn:')
    ? keyName
    : keyAlias.replaceAll('{key}', KEY.exec(keyName)?.[1] ?? keyName);
}
