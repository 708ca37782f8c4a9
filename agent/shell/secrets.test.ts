import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnvironmentPreparer } from './secret-environment.ts';
import { LocalSecrets } from './secrets.ts';

const NAME = 'projects/p/secrets/db-password/versions/3';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function secretsFile(content: string, mode = 0o600): string {
  const file = join(folder, 'secrets.json');
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}
const resolve = (file: string | undefined, own: NodeJS.ProcessEnv = {}) =>
  new LocalSecrets(file, own).resolve({ PASSWORD: NAME }).PASSWORD;

describe('a secret', () => {
  it.each([
    ['by its whole name', { [NAME]: 'one', 'db-password': 'two' }, 'one'],
    ['by its short name', { 'db-password': 'two' }, 'two'],
  ])('is found in the file %s', (_, content, expected) => {
    expect(resolve(secretsFile(JSON.stringify(content)))).toBe(expected);
    expect(resolve(secretsFile(JSON.stringify(content), 0o400))).toBe(expected);
  });

  it('is found in the agent’s environment', () => {
    expect(resolve(undefined, { SLUICE_SECRET_DB_PASSWORD: 'three' })).toBe('three');
    expect(resolve(join(folder, 'none.json'), { SLUICE_SECRET_DB_PASSWORD: 'three' })).toBe('three');
  });

  it.each([
    [
      'is nowhere',
      '{"other": "sesame"}',
      0o600,
      'neither in the secrets file nor in SLUICE_SECRET_DB_PASSWORD',
    ],
    ['is in a file that others can read', `{"db-password": "sesame"}`, 0o644, 'can be read by others'],
    ['is in a broken file', '{"db-password": "sesame"', 0o600, 'is not a JSON object'],
  ])('that %s cannot be resolved, and no value is told', (_, content, mode, expected) => {
    const attempt = () => resolve(secretsFile(content, mode));
    expect(attempt).toThrow(expected);
    expect(attempt).toThrow(`secret ${NAME} for environment variable PASSWORD`);
    expect(attempt).not.toThrow('sesame');
  });
});

describe('an environment with secrets', () => {
  const preparer = () =>
    new EnvironmentPreparer(new LocalSecrets(secretsFile('{"a": "first-value", "b": "b-value"}'), {}));

  it('masks the values of every source', () => {
    const { mask, exports } = preparer().prepare(
      { secretVariables: { A: 'projects/p/secrets/a/versions/1' } },
      { variables: { BATCH_TASK_INDEX: '0' } },
      { variables: { X: 'x' }, secretVariables: { B: 'projects/p/secrets/b/versions/1' } },
    );
    expect(exports).toBe("export A='first-value' X='x' B='b-value' BATCH_TASK_INDEX='0'; ");
    expect(mask?.hide('first-value, b-value')).toBe('***, ***');
  });

  it('refuses a secret under a name that would have to be on a command line', () => {
    const odd = { secretVariables: { 'odd.name': 'projects/p/secrets/a/versions/1' } };
    expect(() => preparer().prepare(odd, {}, {})).toThrow('"odd.name" has a name that cannot be set');
  });

  it('refuses encrypted variables', () => {
    const encrypted = { encryptedVariables: { keyName: 'k', cipherText: 'c' } };
    expect(() => preparer().prepare({}, {}, encrypted)).toThrow('encrypted variables need a key service');
  });
});
