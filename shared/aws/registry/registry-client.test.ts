import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Platform } from '../../core/image/image-manifest.ts';
import { FakeRegistry, type Fault } from '../../testing/fake-registry.ts';
import { ecrCredentials } from './ecr-credentials.ts';
import { RegistryClient } from './registry-client.ts';

const amd64: Platform = { os: 'linux', architecture: 'amd64' };
const LIST = 'application/vnd.oci.image.index.v1+json';
let registry: FakeRegistry;
let host: string;
let pauses: number[];

beforeEach(async () => {
  registry = new FakeRegistry();
  host = await registry.start();
  pauses = [];
});
afterEach(() => registry.stop());

function client(credentialsFor?: () => Promise<{ username: string; password: string }>) {
  return new RegistryClient({
    plainHttp: [host],
    pace: { sleep: async (ms) => void pauses.push(ms), random: () => 0.5 },
    ...(credentialsFor === undefined ? {} : { credentialsFor }),
  });
}
type Find = Parameters<RegistryClient['find']>;
/** What a registry has of an image for one platform, with what it runs. */
async function resolveWith(registryClient: RegistryClient, ...asked: Find) {
  const { configFor, platforms, ...image } = await registryClient.find(...asked);
  return { ...image, config: await configFor(amd64) };
}
const resolve = (name: string, credentials?: Find[1]) =>
  resolveWith(client(), `${host}/${name}`, credentials);

describe('an image', () => {
  it('is found by its tag, and pinned to its digest', async () => {
    const digest = registry.keepImage('tools/bwa', { Entrypoint: ['/bwa'], User: '7' }, 'v1');
    expect(await resolve('tools/bwa:v1')).toEqual({
      pinned: `${host}/tools/bwa@${digest}`,
      digest,
      config: { entrypoint: ['/bwa'], cmd: [], user: '7', workingDir: '', env: [] },
    });
    expect((await resolve(`tools/bwa@${digest}`)).digest).toBe(digest);
  });

  it('of a registry that is mirrored is found in the mirror, and pinned there', async () => {
    const digest = registry.keepImage('hub/library/busybox', {}, '1');
    const mirrors = { 'docker.io': `${host}/hub` };
    const pace = { sleep: async () => undefined, random: () => 0 };
    const mirroring = new RegistryClient({ plainHttp: [host], mirrors, pace });
    expect(await resolveWith(mirroring, 'busybox:1')).toMatchObject({
      pinned: `${host}/hub/library/busybox@${digest}`,
    });
    expect(await resolveWith(mirroring, `${host}/hub/library/busybox:1`)).toMatchObject({ digest });
  });

  it('for several platforms is pinned as it was named, and read as of the platform', async () => {
    const manifests = (['arm64', 'amd64'] as const).map((architecture) => {
      const platform = { os: 'linux', architecture };
      return { digest: registry.keepImage('x', { Cmd: [architecture] }, undefined, platform), platform };
    });
    const digest = registry.keep('x', { manifests }, LIST, 'latest');
    const image = await resolve('x');
    expect(image).toMatchObject({ digest, config: { cmd: ['amd64'] } });
    expect(registry.requests).toHaveLength(3);
    const { platforms, configFor } = await client().find(`${host}/x`);
    expect(platforms).toEqual(['linux/arm64', 'linux/amd64']);
    expect((await configFor({ os: 'linux', architecture: 'arm64' })).cmd).toEqual(['arm64']);
  });

  it('says what it is made for, and is no other', async () => {
    const arm = { os: 'linux', architecture: 'arm64' };
    registry.keepImage('x', {}, 'latest', arm);
    const digest = registry.keepImage('lying', {}, undefined, arm);
    const platform = { os: 'linux', architecture: 'amd64' };
    registry.keep('lying', { manifests: [{ digest, platform }] }, LIST, 'latest');
    expect((await client().find(`${host}/x`)).platforms).toEqual(['linux/arm64']);
    for (const name of ['x', 'lying'])
      await expect(resolve(name)).rejects.toMatchObject({
        problem: 'WRONG_PLATFORM',
        message: `${host}/${name} is made for linux/arm64, not for linux/amd64`,
      });
  });

  it('in lists of lists without end is none', async () => {
    const platform = { os: 'linux', architecture: 'amd64' };
    let digest = registry.keepImage('x', {});
    for (let lists = 0; lists < 4; lists += 1)
      digest = registry.keep('x', { manifests: [{ digest, platform }] }, LIST, 'latest');
    await expect(resolve('x')).rejects.toMatchObject({ problem: 'INVALID' });
  });

  it('that is not there is said so, at once', async () => {
    await expect(resolve('x:no')).rejects.toMatchObject({
      problem: 'NOT_FOUND',
      message: `there is no image ${host}/x:no in its registry (manifest unknown)`,
    });
    expect(registry.requests).toHaveLength(1);
  });
});

describe('a registry that asks who it is', () => {
  it('gives a token to anybody, which is used again', async () => {
    registry.auth = { scheme: 'bearer' };
    registry.keepImage('x', {}, 'latest');
    await resolve('x');
    expect(registry.requests.map(({ path }) => path.replace(/sha256.*/, 'DIGEST'))).toEqual([
      '/v2/x/manifests/latest',
      '/token?service=fake&scope=repository%3Ax%3Apull',
      '/v2/x/manifests/latest',
      '/v2/x/blobs/DIGEST',
    ]);
  });

  it.each(['bearer', 'basic'] as const)('lets in by %s credentials, and no others', async (scheme) => {
    registry.auth = { scheme, credentials: 'me:p:w' };
    registry.keepImage('x', {}, 'latest');
    expect(await resolve('x', { username: 'me', password: 'p:w' })).toMatchObject({ config: { cmd: [] } });
    const denied = { problem: 'DENIED', message: expect.stringContaining(`denies ${host}/x`) };
    const wrong = {
      problem: 'WRONG_LOGIN',
      message: expect.stringContaining(
        `the registry of ${host}/x lets nobody in with the container's username and password`,
      ),
    };
    await expect(resolve('x', { username: 'me', password: 'no' })).rejects.toMatchObject(wrong);
    await expect(resolve('x')).rejects.toMatchObject(denied);
  });

  it.each(['bearer', 'basic'] as const)(
    'tells a wrong login (%s) from an image that is not there',
    async (scheme) => {
      registry.auth = { scheme, credentials: 'me:p:w' };
      await expect(resolve('none', { username: 'me', password: 'p:w' })).rejects.toMatchObject({
        problem: 'NOT_FOUND',
      });
    },
  );

  it.each([
    ['bearer', 401],
    ['bearer', 403],
    ['basic', 403],
  ] as const)('tells a wrong login (%s) from an image that is denied (%i)', async (scheme, status) => {
    registry.auth = { scheme, credentials: 'me:p:w' };
    registry.keepImage('x', {}, 'latest');
    registry.denied = { repository: 'x', status };
    await expect(resolve('x', { username: 'me', password: 'p:w' })).rejects.toMatchObject({
      problem: 'DENIED',
      message: expect.stringContaining(
        `the registry knows the container's username and denies ${host}/x to it`,
      ),
    });
  });

  it('is asked itself, and no mirror of it, where the container has a login', async () => {
    const digest = registry.keepImage('x', {}, 'latest');
    const mirrors = { [host]: 'mirror.example' };
    const pace = { sleep: async () => undefined, random: () => 0 };
    const mirroring = new RegistryClient({ plainHttp: [host], mirrors, pace });
    expect(await mirroring.find(`${host}/x`, { username: 'me', password: 'p' })).toMatchObject({
      pinned: `${host}/x@${digest}`,
    });
  });

  it("is shown the deployment's own credentials when the container brings none", async () => {
    registry.auth = { scheme: 'basic', credentials: 'AWS:t' };
    registry.keepImage('x', {}, 'latest');
    const own = client(async () => ({ username: 'AWS', password: 't' }));
    expect(await resolveWith(own, `${host}/x`)).toMatchObject({ config: { cmd: [] } });
  });

  it('is asked without encryption only when the deployment says so', async () => {
    const pace = { sleep: async () => undefined, random: () => 0 };
    await expect(new RegistryClient({ pace }).find(`${host}/x`)).rejects.toMatchObject({
      problem: 'UNAVAILABLE',
    });
    expect(registry.requests).toEqual([]);
  });
});

describe('a registry in trouble', () => {
  const troubles: [string, Fault, string][] = [
    ['500', { status: 500 }, 'answers 500'],
    ['503', { status: 503 }, 'answers 503'],
    ['too many requests', { status: 429 }, 'too many requests'],
    ['an answer that is cut off', 'cut', 'gives no whole answer'],
    ['half an answer', 'half', 'gives half an answer'],
  ];

  it.each(troubles)('%s: is asked again', async (_, fault) => {
    registry.keepImage('x', { Cmd: ['a'] }, 'latest');
    registry.faults.push(fault, fault);
    expect(await resolve('x')).toMatchObject({ config: { cmd: ['a'] } });
    expect(pauses).toEqual([500, 1_000]);
  });

  it.each(troubles)('%s: is asked five times, not more', async (_, fault, message) => {
    registry.keepImage('x', {}, 'latest');
    registry.faults.push(...Array<Fault>(9).fill(fault));
    await expect(resolve('x')).rejects.toMatchObject({
      passes: true,
      message: expect.stringContaining(message),
    });
    expect(registry.requests).toHaveLength(5);
  });

  it('is given the time that it asks for, within bounds', async () => {
    registry.keepImage('x', {}, 'latest');
    registry.faults.push({ status: 429, retryAfter: '7' }, { status: 429, retryAfter: '99999' });
    await resolve('x');
    expect(pauses).toEqual([7_000, 20_000]);
  });

  it('that answers without end is not listened to', async () => {
    registry.faults.push({ status: 200, body: 'x'.repeat(5 * 1024 * 1024) });
    await expect(resolve('x')).rejects.toMatchObject({ problem: 'INVALID' });
  });
});

describe('credentials for ECR', () => {
  const ecr = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';

  it('are fetched once a region, and for nobody else', async () => {
    const regions: string[] = [];
    const credentialsFor = ecrCredentials(async (region) => {
      regions.push(region);
      return Buffer.from('AWS:a:b').toString('base64');
    });
    expect(await credentialsFor(ecr)).toEqual({ username: 'AWS', password: 'a:b' });
    await credentialsFor(ecr);
    expect(await credentialsFor('docker.io')).toBeUndefined();
    expect(await credentialsFor(`${ecr}.example.org`)).toBeUndefined();
    expect(regions).toEqual(['eu-west-1']);
  });

  it('that cannot be had are asked for again', async () => {
    let tries = 0;
    const credentialsFor = ecrCredentials(async () => {
      tries += 1;
      throw new Error('not authorized');
    });
    for (let at = 0; at < 2; at += 1)
      await expect(credentialsFor(ecr)).rejects.toMatchObject({ problem: 'DENIED' });
    expect(tries).toBe(2);
  });
});
