import { expect, it, vi } from 'vitest';
import { describeWithDocker } from './describe-with-docker.ts';
import { embeddedJobs, eventsOf, exitCodeOf, shell } from './embedded-jobs.ts';
import { accountsImage, busyboxImage } from './images.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

await describeWithDocker(
  'containers of a group that must not be root, on one machine',
  ({ engine }) => {
    const run = embeddedJobs(engine);
    const group = { runAsNonRoot: true };
    const accounts = (text: string, options = '') => shell(text, { imageUri: accountsImage.name, options });
    const who = 'echo $(id -u):$(id -g) $(id -G) $HOME';

    it('are nobody in particular, or who they are otherwise, and gain no rights', async () => {
      const { job, lines } = await run(
        [
          shell(`${who}; grep NoNewPrivs /proc/self/status`),
          shell('echo $HOME', { options: '--env HOME=/srv' }),
          accounts(who),
          accounts(who, '--user 7:8'),
          accounts('/probe effective'),
        ],
        {},
        group,
      );
      expect(job.status?.state).toBe('SUCCEEDED');
      expect(lines).toEqual([
        ...[
          '48484:48484 48484 /tmp',
          'NoNewPrivs:\t1',
          '/srv',
          '1234:77 77 /srv',
          '7:8 8 /',
          'effective user 1234',
        ],
      ]);
    });

    it('are root where the group does not say so', async () => {
      expect((await run([accounts('/probe effective')])).lines).toEqual(['effective user 0']);
    });

    it('do not run as another name of root', async () => {
      const outcome = await run([accounts(who, '--user toor')], {}, group);
      expect(exitCodeOf(outcome)).toBe(125);
      expect(eventsOf(outcome).join('\n')).toContain(
        'could not be started: the image\'s user "toor" is root, and the task group says runAsNonRoot',
      );
    });

    it('do not run as a name whose number the engine makes up', async () => {
      expect((await run([accounts('id -u', '--user none')])).lines).toEqual(['0']);
      const outcome = await run([accounts(who, '--user none')], {}, group);
      expect(exitCodeOf(outcome)).toBe(125);
      expect(eventsOf(outcome).join('\n')).toContain('the image has no user "none" in its /etc/passwd');
    });

    it('are refused when their options say root', async () => {
      await expect(run([shell('id'), shell('id', { options: '--user root' })], {}, group)).rejects.toThrow(
        /runnables\[1\]\.container\.options.*--user root is root, and the task group says runAsNonRoot/,
      );
    });
  },
  [accountsImage, busyboxImage],
);
