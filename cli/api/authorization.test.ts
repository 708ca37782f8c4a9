import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { authorizeAs, chooseIdentity } from './authorization.ts';

const LOCAL = 'http://127.0.0.1:8080';
const GATEWAY = 'https://abc123.execute-api.eu-west-1.amazonaws.com/prod/';
const TOKENS = 'https://batch.example.org';
const folder = mkdtempSync(join(tmpdir(), 'sluice-token-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('who a caller is', () => {
  it.each([
    ['nobody on one machine', LOCAL, {}, {}, { kind: 'none' }],
    ['known by a signature at the gateway', GATEWAY, {}, {}, { kind: 'aws', region: 'eu-west-1' }],
    [
      'the same in China',
      'https://abc.execute-api.cn-north-1.amazonaws.com.cn/prod',
      {},
      {},
      { kind: 'aws', region: 'cn-north-1' },
    ],
    [
      'known by a token there, if there is one',
      GATEWAY,
      {},
      { SLUICE_TOKEN: 't' },
      { kind: 'token', token: 't' },
    ],
    [
      'known by a signature in spite of a token, when that is asked for',
      GATEWAY,
      { aws: true },
      { SLUICE_TOKEN: 't' },
      { kind: 'aws', region: 'eu-west-1' },
    ],
    [
      'known by a signature at an address of its own',
      TOKENS,
      {},
      { SLUICE_AUTH: 'aws', AWS_REGION: 'us-east-2' },
      { kind: 'aws', region: 'us-east-2' },
    ],
    ['nobody, when that is asked for', GATEWAY, {}, { SLUICE_AUTH: 'none' }, { kind: 'none' }],
    [
      'nobody with a host that only looks like it',
      'https://execute-api.eu-west-1.amazonaws.com.evil.org',
      {},
      {},
      { kind: 'none' },
    ],
    ['known by a file', TOKENS, { tokenFile: 'f' }, { SLUICE_TOKEN: 't' }, { kind: 'token-file', file: 'f' }],
    ['known by a token on one machine', LOCAL, {}, { SLUICE_TOKEN: 't' }, { kind: 'token', token: 't' }],
  ])('%s', (_, endpoint, options, env, expected) => {
    expect(chooseIdentity(endpoint, options, env)).toEqual(expected);
  });

  it.each([
    [LOCAL, { aws: true, tokenFile: 'f' }, {}, 'give --aws or --token-file, not both'],
    [LOCAL, {}, { SLUICE_AUTH: 'basic' }, "SLUICE_AUTH must be aws, token, none; given: 'basic'"],
    [LOCAL, {}, { SLUICE_AUTH: 'token' }, 'give one in SLUICE_TOKEN or by --token-file'],
    [TOKENS, { aws: true }, {}, 'does not say in which AWS region the service is; set AWS_REGION'],
    ['http://batch.example.org', {}, { SLUICE_TOKEN: 't' }, 'in clear; give an address with https://'],
  ])('is refused with what would be right: %s %j %j', (endpoint, options, env, message) => {
    expect(() => chooseIdentity(endpoint, options, env)).toThrow(message);
  });
});

describe('a token in a file', () => {
  const file = join(folder, 'token');
  const authorize = authorizeAs({ kind: 'token-file', file }, Date.now);
  const headers = async () => (await authorize?.({ method: 'GET', url: TOKENS, body: undefined }))?.headers;

  it('is read for each call, so that it may be renewed', async () => {
    writeFileSync(file, 'one\n');
    expect(await headers()).toEqual({ authorization: 'Bearer one' });
    writeFileSync(file, 'two\n');
    expect(await headers()).toEqual({ authorization: 'Bearer two' });
  });

  it('that is empty or missing is a mistake, said with its name', async () => {
    writeFileSync(file, ' \n');
    await expect(headers()).rejects.toThrow(`there is no token in ${file}`);
    rmSync(file);
    await expect(headers()).rejects.toThrow(`cannot read the token in ${file} (ENOENT)`);
  });
});
