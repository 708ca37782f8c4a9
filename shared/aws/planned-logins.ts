import {
  isSameLogin,
  type RegistryLogin,
  registryLogins,
  secretsOfLogin,
} from '../core/container/registry-login.ts';
import { ImageError } from '../core/image/image-error.ts';
import type { JobRecord } from '../core/job/job-record.ts';
import { isSecretName } from '../core/secret-name.ts';
import type { RegistryCredentials } from '../ports/image-registry.ts';
import type { LoginSecrets } from '../ports/login-secrets.ts';
import type { AwsSecrets } from './aws-secrets.ts';

/** A login of a job whose names of secrets have been resolved. */
export interface PlannedLogin {
  readonly credentials: RegistryCredentials;
  /** Keeps it where ECS reads it, once; returns what `repositoryCredentials` names. */
  readonly keep: () => Promise<string>;
}

export type PlanLogin = (job: JobRecord, login: RegistryLogin) => Promise<PlannedLogin>;

/**
 * The logins of the jobs of one plan, each resolved once and kept once. An ImageError says which field names a secret that
 * cannot be had.
 */
export function plannedLogins(
  secrets: Pick<AwsSecrets, 'resolve'>,
  logins: Pick<LoginSecrets, 'keep'>,
): PlanLogin {
  const known = new Map<string, Promise<PlannedLogin>>();
  return (job, login) => {
    const order = registryLogins(job.spec).findIndex((other) => isSameLogin(other, login));
    const key = `${job.uid} ${order}`;
    const found = known.get(key) ?? plan(secrets, logins, job, order);
    known.set(key, found);
    return found;
  };
}

async function plan(
  secrets: Pick<AwsSecrets, 'resolve'>,
  logins: Pick<LoginSecrets, 'keep'>,
  { spec, project, uid }: JobRecord,
  order: number,
): Promise<PlannedLogin> {
  const login = registryLogins(spec)[order];
  if (login === undefined) throw new Error(`the job ${uid} has no such login`);
  const values = await secrets.resolve(secretsOfLogin(login), project);
  const textOf = (part: 'username' | 'password'): string => {
    const given = login[part];
    if (!isSecretName(given)) return given;
    const found = values[given];
    if (found !== undefined && 'value' in found) return found.value;
    const why = found !== undefined && 'problem' in found ? found.problem : 'could not be read';
    throw new ImageError('DENIED', `${login.field}.${part}: ${given} ${why}`);
  };
  const credentials = { username: textOf('username'), password: textOf('password') };
  let kept: Promise<string> | undefined;
  return {
    credentials,
    keep() {
      kept ??= logins.keep({ jobUid: uid, order }, credentials);
      return kept;
    },
  };
}
