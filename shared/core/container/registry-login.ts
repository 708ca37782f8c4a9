import type { Job } from '../../contract/job.ts';
import type { Container } from '../../contract/runnable.ts';
import type { TaskGroup } from '../../contract/task-group.ts';
import { isSecretName } from '../secret-name.ts';
import type { SecretUse } from '../secret-uses.ts';
import { containersOf } from './job-containers.ts';

/** Who pulls an image, as its job says it: each part in plain, or the name of a secret. */
export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

/** A login with the path of the first container that has it. */
export interface PlacedLogin extends RegistryLogin {
  readonly field: string;
}

/** The login of a container; undefined without one. Half of one is refused when its job is created. */
export function loginOf({ username, password }: Container): RegistryLogin | undefined {
  return username && password ? { username, password } : undefined;
}

/** A group without the logins of its containers. */
export function withoutLogins(group: TaskGroup): TaskGroup {
  const { runnables } = group.taskSpec ?? {};
  if (!runnables?.some(({ container }) => container?.username || container?.password)) return group;
  const told = runnables.map((runnable) => {
    if (runnable.container === undefined) return runnable;
    const { username: _, password: __, ...container } = runnable.container;
    return { ...runnable, container };
  });
  return { ...group, taskSpec: { ...group.taskSpec, runnables: told } };
}

export function isSameLogin(one: RegistryLogin, other: RegistryLogin): boolean {
  return one.username === other.username && one.password === other.password;
}

/**
 * The distinct logins of a job, in the order in which its containers name them: a login's place here is its number, which is
 * the same whenever the job is looked at.
 */
export function registryLogins(job: Job): PlacedLogin[] {
  const logins: PlacedLogin[] = [];
  for (const { field, container } of containersOf(job)) {
    const login = loginOf(container);
    if (login !== undefined && !logins.some((known) => isSameLogin(known, login)))
      logins.push({ ...login, field });
  }
  return logins;
}

/** The secrets that the logins of a job name, each with the path of its field. */
export function loginSecretUses(job: Job): SecretUse[] {
  return [...containersOf(job)].flatMap(({ field, container }) => {
    const login = loginOf(container);
    return login === undefined ? [] : secretsOfLogin({ ...login, field });
  });
}

/** The secrets that one login names. */
export function secretsOfLogin(login: PlacedLogin): SecretUse[] {
  return (['username', 'password'] as const)
    .filter((part) => isSecretName(login[part]))
    .map((part) => ({ kind: 'secret', path: `${login.field}.${part}`, secret: login[part] }));
}
