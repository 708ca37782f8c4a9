import type { Job } from '../contract/job.ts';
import type { TaskGroup } from '../contract/task-group.ts';
import { environmentsOf, type PlacedEnvironment } from './group-environments.ts';

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
  return [...environmentsOf(group, path)].flatMap(usesOf);
}

function usesOf({ environment, path }: PlacedEnvironment): SecretUse[] {
  const { secretVariables = {}, encryptedVariables } = environment;
  const uses: SecretUse[] = Object.entries(secretVariables).map(([variable, secret]) => ({
    kind: 'secret',
    path: `${path}.secretVariables[${JSON.stringify(variable)}]`,
    secret,
  }));
  const { keyName = '', cipherText = '' } = encryptedVariables ?? {};
  if (cipherText === '') return uses;
  return [...uses, { kind: 'encrypted', path: `${path}.encryptedVariables`, keyName, cipherText }];
}
