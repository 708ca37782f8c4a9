import { describe, expect, it } from 'vitest';
import {
  type RefusedJob,
  RUN,
  SPEC,
  script,
  violationsOf,
  withGroup,
  withRunnables,
  withSpec,
} from './sample-jobs.ts';

const refused: RefusedJob[] = [
  [
    'a variable name with a dash',
    withSpec({ environment: { variables: { 'A-B': '' } } }),
    `${SPEC}.environment.variables["A-B"]`,
    'variable name must be letters, digits and "_", not starting with a digit; given "A-B"',
  ],
  [
    'a NUL in a value',
    withSpec({ environment: { variables: { A: 'x\0' } } }),
    `${SPEC}.environment.variables["A"]`,
    'must not hold a NUL character; given one that does',
  ],
  [
    'a variable given twice',
    withRunnables({
      ...script,
      environment: { variables: { A: '1' }, secretVariables: { A: 'projects/p/secrets/s/versions/1' } },
    }),
    `${RUN}.environment.secretVariables["A"]`,
    '"A" must be in only one of variables and secretVariables; given in both',
  ],
  [
    'a secret of another form',
    withGroup({ taskEnvironments: [{ secretVariables: { A: 's' } }] }),
    'taskGroups[0].taskEnvironments[0].secretVariables["A"]',
    'must be of the form projects/{project}/secrets/{secret}/versions/{version}; given "s"',
  ],
  [
    'encrypted without key',
    withSpec({ environment: { encryptedVariables: { cipherText: 'x' } } }),
    `${SPEC}.environment.encryptedVariables.keyName`,
    'is required; given nothing',
  ],
];

describe('environments', () => {
  it.each(refused)('are refused for %s', (_, body, field, description) => {
    expect(violationsOf(body)).toContainEqual({ field, description });
  });
});
