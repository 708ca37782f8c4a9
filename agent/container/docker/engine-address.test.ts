import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { engineAddress } from './engine-address.ts';
import { findEngine } from './find-engine.ts';

describe('where the engine is looked for', () => {
  it.each<[own: NodeJS.ProcessEnv, connection: object]>([
    [{ DOCKER_HOST: 'unix:///run/x.sock' }, { socketPath: '/run/x.sock' }],
    [{ DOCKER_HOST: 'tcp://10.0.0.1:99' }, { host: '10.0.0.1', port: 99 }],
    [{ DOCKER_HOST: 'tcp://engine' }, { host: 'engine', port: 2375 }],
    [{ DOCKER_HOST: 'tcp://[::1]:99/' }, { host: '::1', port: 99 }],
    [
      { DOCKER_HOST: 'tcp://engine', DOCKER_TLS_VERIFY: '1' },
      { host: 'engine', port: 2376, tls: {} },
    ],
  ])('%j', (own, connection) => {
    expect(engineAddress(own).connection).toEqual(connection);
  });

  it('is the socket where nothing is said', () => {
    const { text } = engineAddress({});
    expect(text).toMatch(/^unix:\/\/\/.*docker\.sock$/);
  });

  it('takes its certificates from their folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-certs-'));
    writeFileSync(join(folder, 'ca.pem'), 'CA');
    const own = { DOCKER_HOST: 'tcp://engine', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder };
    expect(engineAddress(own).connection).toMatchObject({ tls: { ca: 'CA' } });
    rmSync(folder, { recursive: true });
  });

  it.each(['ssh://me@there', 'npipe:////./pipe/docker', 'nonsense'])('%s is refused', (text) => {
    expect(() => engineAddress({ DOCKER_HOST: text })).toThrow(
      `DOCKER_HOST must be unix:///path/to/socket or tcp://host:port; given "${text}"`,
    );
  });
});

describe('an engine that is not there', () => {
  it.each([
    ['unix:///nowhere/docker.sock', 'there is no such socket'],
    ['tcp://127.0.0.1:1', 'the connection is refused'],
  ])('%s', async (text, reason) => {
    expect(await findEngine({ DOCKER_HOST: text })).toBe(
      `no container engine answers at ${text} (${reason})`,
    );
  });
});
