import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeWithDocker } from '../docker/describe-with-docker.ts';
import { accountsImage, busyboxImage } from '../docker/images.ts';
import { makeRuntime } from './sibling-runtime.ts';
import { SiblingUnderTest } from './sibling-under-test.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

await describeWithDocker(
  'a sibling container of a group that must not be root',
  ({ engine }) => {
    const runtime = makeRuntime();
    let plain: SiblingUnderTest;
    let accounts: SiblingUnderTest;
    beforeAll(async () => {
      plain = await SiblingUnderTest.start(engine, runtime.folder, busyboxImage.name);
      accounts = await SiblingUnderTest.start(engine, runtime.folder, accountsImage.name);
    });
    afterAll(async () => {
      await plain.stop();
      await accounts.stop();
      runtime.remove();
    });
    const ask = (sibling: SiblingUnderTest, script: string, more: object = {}) =>
      sibling.run({ entrypoint: '/bin/sh', commands: ['-c', script], isNonRoot: true, ...more });
    const who = 'echo $(id -u):$(id -g) $(id -G) $HOME';

    it('runs what would be root as nobody in particular, who gains no rights', async () => {
      const { stdout, stderr } = await ask(plain, `${who}; grep NoNewPrivs /proc/self/status; : > /etc/x`);
      expect(stdout).toBe('48484:48484 48484 /tmp\nNoNewPrivs:\t1\n');
      expect(stderr).toContain('Permission denied');
      expect((await ask(plain, 'echo $HOME', { env: { HOME: '/srv' } })).stdout).toBe('/srv\n');
    });

    it('leaves who is somebody else in its image, or by its options', async () => {
      expect((await ask(accounts, who)).stdout).toBe('1234:77 77 /srv\n');
      expect((await ask(accounts, who, { user: '7:8' })).stdout).toBe('7:8 8 /\n');
    });

    it('gives nobody the rights of root by a program of root', async () => {
      const script = '/probe effective';
      expect((await ask(accounts, script, { isNonRoot: false })).stdout).toBe('effective user 0\n');
      expect((await ask(accounts, script)).stdout).toBe('effective user 1234\n');
    });

    it('does not run as another name of root', async () => {
      expect(await ask(accounts, who, { user: 'toor' })).toMatchObject({
        exitCode: 125,
        problem: 'the image\'s user "toor" is root, and the task group says runAsNonRoot',
        stdout: '',
      });
    });
  },
  [accountsImage, busyboxImage],
);
