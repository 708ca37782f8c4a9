import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineClient } from '../../agent/container/docker/engine-client.ts';
import { registryAuth } from '../../agent/container/docker/registry-auth.ts';
import type { RegistryCredentials } from '../../shared/ports/image-registry.ts';
import { unpackedPackages } from '../debian-packages.ts';
import { freePort } from '../free-port.ts';
import { keptProcess } from '../kept-process.ts';

const START_MS = 20_000;

/** A registry of images on the loopback address. */
export interface TestRegistry {
  /** `127.0.0.1:{port}`: what an image's name begins with; the engine takes plain HTTP from there. */
  readonly host: string;
  /** Puts an image of the engine into the registry, and returns its name there. */
  push(engine: EngineClient, image: string, name: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts Debian's docker-registry, the reference registry, with its own empty storage; `user` alone may use it. */
export async function startRegistry(user?: RegistryCredentials): Promise<TestRegistry> {
  const program = join(
    await unpackedPackages('docker-registry', ['docker-registry']),
    'usr/bin/docker-registry',
  );
  const folder = mkdtempSync(join(tmpdir(), 'sluice-registry-'));
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify(configOf(folder, host, user)));
  const { stop, complaints } = keptProcess([program, 'serve', config], { folder });
  if (!(await answers(host))) {
    await stop();
    throw new Error(`docker-registry did not answer within ${START_MS / 1000} s: ${complaints()}`);
  }
  return { host, stop, push: (engine, image, name) => push(engine, image, `${host}/${name}`, user) };
}

/** The registry reads YAML; JSON is YAML. */
function configOf(folder: string, addr: string, user: RegistryCredentials | undefined): object {
  const storage = { filesystem: { rootdirectory: join(folder, 'storage') } };
  mkdirSync(join(folder, 'storage'));
  const config = {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage,
    http: { addr },
  };
  if (user === undefined) return config;
  const path = join(folder, 'htpasswd');
  writeFileSync(path, `${user.username}:${bcrypt(user.password)}\n`);
  return { ...config, auth: { htpasswd: { realm: 'test', path } } };
}

/** The registry takes passwords in this form only; Perl's crypt, which every Debian has, makes it. */
function bcrypt(password: string): string {
  const script = 'print crypt($ARGV[0], q{$2b$05$} . "a" x 21 . "e")';
  return execFileSync('perl', ['-e', script, password], { encoding: 'utf8' });
}

async function push(
  engine: EngineClient,
  image: string,
  target: string,
  user: RegistryCredentials | undefined,
): Promise<string> {
  const [, repo, tag] = /^(.*):([^:/]+)$/.exec(target) ?? [];
  await engine.call('POST', `/images/${image}/tag`, { query: { repo, tag } });
  // A push without the header is refused before anybody is asked.
  const headers = registryAuth(user ?? { username: '', password: '' });
  const said = await text(await engine.stream('POST', `/images/${repo}/push`, { query: { tag }, headers }));
  // The registry alone has it now, so that whoever asks for it must pull.
  await engine.call('DELETE', `/images/${target}`);
  if (said.includes('errorDetail')) throw new Error(`${target} could not be pushed: ${said}`);
  return target;
}

async function answers(host: string): Promise<boolean> {
  for (const end = Date.now() + START_MS; Date.now() < end; await pause(50)) {
    if (await fetch(`http://${host}/v2/`).catch(() => undefined)) return true;
  }
  return false;
}
