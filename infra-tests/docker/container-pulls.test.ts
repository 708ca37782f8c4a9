import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { serviceForTest, temporaryFolder } from '../../local/testing/service-for-test.ts';
import { describeWithDocker } from './describe-with-docker.ts';
import { type FaultyRegistry, startFaultyRegistry } from './faulty-registry.ts';
import { busyboxImage, ensureImage } from './images.ts';
import { startRegistry, type TestRegistry } from './registry.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

await describeWithDocker('images that are pulled', ({ engine }) => {
  const dataDir = temporaryFolder();
  const secretsFile = join(dataDir, 'secrets.json');
  writeFileSync(secretsFile, JSON.stringify({ user: 'ana', pw: 'open-sesame' }), { mode: 0o600 });
  const { api } = serviceForTest({ dataDir, secretsFile });
  const user = { username: 'ana', password: 'open-sesame' };
  const pulled: string[] = [];
  let open: TestRegistry;
  let closed: TestRegistry;
  let faulty: FaultyRegistry;
  beforeAll(async () => {
    open = await startRegistry();
    closed = await startRegistry(user);
    faulty = await startFaultyRegistry(open.host);
  });
  afterAll(async () => {
    for (const name of pulled) await engine.call('DELETE', `/images/${name}`).catch(() => undefined);
    await Promise.all([faulty.stop(), open.stop(), closed.stop()]);
  });

  let jobs = 0;
  /** An image of its own in a registry; the engine has nothing of it. */
  async function pushed(registry: TestRegistry, host = registry.host): Promise<string> {
    jobs += 1;
    const made = { ...busyboxImage, name: `sluice-test/pulled:${process.pid}-${jobs}`, standsFor: [] };
    const fill = async (root: string) => {
      await busyboxImage.fill(root);
      writeFileSync(join(root, 'own'), randomBytes(2 ** 20));
    };
    await ensureImage(engine, { ...made, fill });
    const name = await registry.push(engine, made.name, `tools/busybox:${jobs}`);
    await engine.call('DELETE', `/images/${made.name}`);
    const seen = name.replace(registry.host, host);
    pulled.push(seen);
    return seen;
  }
  /** Runs one task with an image; what is in its history of the image, and how it came out. */
  async function run(imageUri: string, given: object = {}, taskCount = 1) {
    jobs += 1;
    const runnables = [{ container: { imageUri, commands: ['echo', 'ran'], ...given } }];
    await api().createJob(`job-${jobs}`, { taskGroups: [{ taskCount, taskSpec: { runnables } }] });
    await api().waitForEnd(`job-${jobs}`, 100);
    const { job, tasks, lines } = await api().outcome(`job-${jobs}`);
    const events = tasks
      .flatMap(({ status }) => status?.statusEvents ?? [])
      .map(({ description }) => description ?? '');
    return {
      state: job.status?.state,
      lines,
      job,
      events: events.filter((event) => !event.startsWith('Task state')),
      exitCode: events.findLast((event) => event.includes('FAILED'))?.match(/exit code (\d+)/)?.[1],
    };
  }

  it('are pulled once a node, and recorded by their digest', async () => {
    const image = await pushed(open);
    const { state, lines, events } = await run(image, {}, 4);
    expect({ state, lines }).toEqual({ state: 'SUCCEEDED', lines: Array(4).fill('ran') });
    expect(events).toEqual([
      `Image ${image} is being pulled.`,
      expect.stringMatching(/^Image .* was pulled in \d+\.\d s: sha256:[0-9a-f]{64}\.$/),
    ]);
    const again = await run(image);
    const digest = events[1]?.split(': ')[1];
    expect(again.events).toEqual([`Image ${image} is on the node: ${digest}`]);
  });

  it('by their digest too', async () => {
    const image = await pushed(open);
    const first = await run(image);
    const digest = /sha256:[0-9a-f]{64}/.exec(first.events.at(-1) ?? '')?.[0] ?? '';
    await engine.call('DELETE', `/images/${image}`);
    const byDigest = `${image.replace(/:[^:]*$/, '')}@${digest}`;
    pulled.push(byDigest);
    const { state, events } = await run(byDigest);
    expect(state).toBe('SUCCEEDED');
    expect(events.at(-1)).toContain(digest);
  });

  it.each([
    ['in plain', user],
    [
      'as secrets',
      { username: 'projects/p/secrets/user/versions/1', password: 'projects/p/secrets/pw/versions/latest' },
    ],
  ])('with credentials %s', async (_, credentials) => {
    const { state, lines } = await run(await pushed(closed), credentials);
    expect({ state, lines }).toEqual({ state: 'SUCCEEDED', lines: ['ran'] });
  });

  it('without credentials, or with wrong ones, are refused by their registry', async () => {
    const image = await pushed(closed);
    for (const credentials of [{}, { username: 'ana', password: 'wrong' }]) {
      const { state, exitCode, events } = await run(image, credentials);
      expect({ state, exitCode }).toEqual({ state: 'FAILED', exitCode: '125' });
      expect(events.at(-1)).toMatch(
        /^container at index #0 could not be started: the image .* cannot be pulled: its registry does not let this user have it/,
      );
    }
  });

  it.each([
    [401, 'its registry does not let this user have it'],
    [404, 'its registry does not have it'],
  ] as const)('are given up at once after %i', async (fault, why) => {
    const image = await pushed(open, faulty.host);
    faulty.fail(fault, 1_000);
    const { state, exitCode, events } = await run(image);
    expect({ state, exitCode }).toEqual({ state: 'FAILED', exitCode: '125' });
    expect(events).toEqual([
      `Image ${image} is being pulled.`,
      expect.stringContaining(
        `container at index #0 could not be started: the image ${image} cannot be pulled: ${why}`,
      ),
    ]);
    faulty.fail(fault, 0);
  });

  it.each([429, 500, 'half'] as const)('are asked for again after %s', async (fault) => {
    const image = await pushed(open, faulty.host);
    const before = faulty.failed;
    const times = fault === 'half' ? 1 : 2;
    faulty.fail(fault, times);
    const { state, lines, events } = await run(image);
    expect({ state, lines }).toEqual({ state: 'SUCCEEDED', lines: ['ran'] });
    expect(faulty.failed).toBe(before + times);
    expect(events.at(-1)).toMatch(/ was pulled in /);
    // The engine itself asks again for layers.
    if (fault !== 'half')
      expect(events.some((event) => event.includes('is asked for again in 1 s'))).toBe(true);
  });
});
