import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../local/testing/service-for-test.ts';
import { describeWithDocker } from './describe-with-docker.ts';
import { container, embeddedJobs, shell } from './embedded-jobs.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

await describeWithDocker('what a container has around it', ({ engine }) => {
  const input = temporaryFolder();
  chmodSync(input, 0o755);
  const run = embeddedJobs(engine);

  describe('volumes', () => {
    it('of the machine are there, to be written or not', async () => {
      mkdirSync(join(input, 'out'), { recursive: true });
      chmodSync(join(input, 'out'), 0o777);
      writeFileSync(join(input, 'file'), 'from the machine\n');
      const { lines } = await run([
        shell('cat /in/file; touch /in/x 2>&1 | grep -o Read-only; echo made > /out/made', {
          volumes: [`${input}:/in:ro`, `${input}/out:/out`],
        }),
      ]);
      expect(lines).toEqual(['from the machine', 'Read-only']);
      expect(readFileSync(join(input, 'out/made'), 'utf8')).toBe('made\n');
    });

    it('pass files between the runnables of one task, for any user, and nobody else sees them', async () => {
      const folder = '/mnt/disks/not-on-this-machine';
      const { job, lines } = await run(
        [
          shell('ls /a; echo $BATCH_TASK_INDEX > /a/index', {
            volumes: [`${folder}:/a`],
            options: '--user 7',
          }),
          container({
            imageUri: 'sluice-test/python:1',
            commands: ['sh', '-c', 'cat /b/x/index; ls -A /b'],
            volumes: [`${folder}:/b/x:ro`],
          }),
        ],
        {},
        { taskCount: 3 },
      );
      expect(job.status?.state).toBe('SUCCEEDED');
      expect([...lines].sort()).toEqual(['0', '1', '2', 'x', 'x', 'x']);
    });

    it('of the task are mounted where they say, also in part', async () => {
      const volumes = [{ deviceName: 'data', mountPath: '/mnt/disks/data' }];
      const { lines } = await run(
        [
          shell('mkdir /mnt/disks/data/sub; echo kept > /mnt/disks/data/sub/file'),
          shell('cat /in/file; ls /mnt 2>/dev/null | wc -l', { volumes: ['/mnt/disks/data/sub:/in:ro'] }),
        ],
        { volumes },
      );
      expect(lines).toEqual(['kept', '0']);
    });
  });

  it('a closed network reaches containers of its node, and nothing else', async () => {
    const serve = (name: string) =>
      `ip -4 addr show eth0 | grep -o "inet [0-9.]*" | cut -d" " -f2 > /at/${name}; exec httpd -f -p 80 -h /`;
    const ask = (name: string) =>
      `until [ -s /at/${name} ]; do sleep 0.1; done; sleep 0.3; nc -w 2 $(cat /at/${name}) 80 </dev/null 2>/dev/null && echo reaches ${name} || echo cut off from ${name}`;
    const volumes = ['/at:/at'];
    const closed = { blockExternalNetwork: true, volumes };
    const { lines, job } = await run([
      shell(serve('open'), { volumes }, { background: true }),
      shell(serve('closed'), closed, { background: true }),
      shell(ask('open'), { volumes }),
      shell(`${ask('closed')}; ${ask('open')}`, closed),
    ]);
    expect(job.status?.state).toBe('SUCCEEDED');
    expect(lines).toEqual(['reaches open', 'reaches closed', 'cut off from open']);
  });
});
