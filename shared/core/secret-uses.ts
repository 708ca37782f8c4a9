import type { Environment } from '../contract/environment.ts';
import type { Job } from '../contract/job.ts';
import type { TaskGroup } from '../contract/task-group.ts';

/** A secret that an environment names, or variables that are encrypted, with the path of the field. */
export type SecretUse =
  | { readonly kind: 'secret'; readonly path: string; readonly secret: string }
  | {
      readonly kind: 'encrypted';
      readonly path: string;
      readonly keyName: string;
      readonly cipherText: string;
    };

/** Everything secret that a job asks for. */
export function secretUsesOfJob(job: Job): SecretUse[] {
  return (job.taskGroups ?? []).flatMap((group, order) => secretUses(group, `taskGroups[${order}]`));
}

/** Everything secret that the environments of a group ask for. */
export function secretUses(group: TaskGroup, path = ''): SecretUse[] {
  const spec = group.taskSpec ?? {};
  return [
    ...usesOf(spec.environment, `${path}.taskSpec.environment`),
    ...(group.taskEnvironments ?? []).flatMap((environment, order) =>
      usesOf(environment, `${path}.taskEnvironments[${order}]`),
    ),
    ...(spec.runnables ?? []).flatMap(({ environment }, order) =>
      usesOf(environment, `${path}.taskSpec.runnables[${order}].environment`),
    ),
  ];
}

function usesOf(environment: Environment | undefined, path: string): SecretUse[] {
  const { secretVariables = {}, encryptedVariables } = environment ?? {};
  const uses: SecretUse[] = Object.entries(secretVariables).map(([variable, secret]) => ({
    kind: 'secret',
    path: `${path}.secretVariables[${JSON.stringify(variable)}]`,
    secret,
  }));
  const { keyName = '', cipherText = '' } = encryptedVariables ?? {};
  if (cipherText === '') return uses;
  return [...uses, { kind: 'encrypted', path: `${path}.encryptedVariables`, keyName, cipherText }];
}
