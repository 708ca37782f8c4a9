import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EngineClient } from '../../agent/container/docker/engine-client.ts';
import { describeWithDocker } from '../docker/describe-with-docker.ts';
import { busyboxImage, pythonImage, staticImage } from '../docker/images.ts';
import { makeRuntime } from './sibling-runtime.ts';
import { type Running, SiblingUnderTest } from './sibling-under-test.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

async function until(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end && !isSo(); )
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(isSo()).toBe(true);
}
const wrote = (running: Running, text: string) => until(() => running.out().includes(text));
const sh = (script: string) => ({ entrypoint: '/bin/sh', commands: ['-c', script] });

await describeWithDocker('a sibling container', ({ engine }) => {
  const runtime = makeRuntime();
  afterAll(() => runtime.remove());

  describe('of an image with nothing but one static program', () => {
    const sibling = underTest(engine, runtime.folder, staticImage.name);

    it('runs it as the image says', async () => {
      expect(await sibling().run({})).toMatchObject({ exitCode: 0, stdout: 'from the image\n', stderr: '' });
    });

    it('runs it as the runnable says, with what it is given', async () => {
      expect(await sibling().run({ commands: ['echo', 'a b', 'c'] })).toMatchObject({ stdout: 'a b c\n' });
      const env = await sibling().run({
        commands: ['env'],
        env: { BATCH_TASK_INDEX: '7', 'odd.name': "it's" },
      });
      expect(env.stdout).toContain('BATCH_TASK_INDEX=7\n');
      expect(env.stdout).toContain("odd.name=it's\n");
      expect(env.stdout).not.toContain('SLUICE');
      expect((await sibling().run({ commands: ['pwd'], workDir: '/made/here' })).stdout).toBe('/made/here\n');
    });

    it('runs it as a user of whom the image knows nothing', async () => {
      expect((await sibling().run({ commands: ['id', '-u'], user: '1234:77' })).stdout).toBe('1234\n');
      expect((await sibling().run({ commands: ['id', '-g'], user: '1234:77' })).stdout).toBe('77\n');
      expect((await sibling().run({ commands: ['id', '-G'], user: '1234' })).stdout).toBe('0\n');
      expect(await sibling().run({ commands: ['id'], user: 'ana' })).toMatchObject({
        exitCode: 125,
        problem: 'the image has no user "ana" in its /etc/passwd',
      });
    });

    it('says why it cannot run something', async () => {
      expect(await sibling().run({ entrypoint: '/bin/no' })).toMatchObject({
        exitCode: 127,
        problem: '/bin/no: the image has no such program, or not what that program needs',
      });
      expect(await sibling().run({ entrypoint: '/sluice' })).toMatchObject({
        exitCode: 126,
        problem: expect.stringContaining('not allowed to run it'),
      });
      expect(await sibling().run({ entrypoint: '' })).toMatchObject({
        exitCode: 125,
        problem: expect.stringContaining('says no program'),
      });
      expect(await sibling().run({ commands: ['pwd'], workDir: '/busybox' })).toMatchObject({
        exitCode: 126,
        problem: expect.stringContaining('the working directory /busybox cannot be used'),
      });
    });
  });

  describe('of a busybox image with a read-only root', () => {
    const sibling = underTest(engine, runtime.folder, busyboxImage.name, { readOnly: true });

    it('runs programs that cannot write there, nor change the runtime or the channel', async () => {
      for (const path of ['/x', '/sluice/wrapper.mjs', '/sluice/lib/x', '/sluice-channel/x']) {
        const { exitCode, stderr } = await sibling().run(sh(`echo no >${path}`));
        expect([exitCode, stderr]).toEqual([1, expect.stringContaining('Read-only file system')]);
      }
    });

    it('lets no program say a word to the agent', async () => {
      const look =
        'ls /sluice-channel | grep -v pipe; nc local:/sluice-channel/agent.sock </dev/null; echo $?';
      const { stdout } = await sibling().run(sh(look));
      expect(stdout).toBe('1\n');
      const others = await sibling().run({
        ...sh('ls /sluice-channel; cat /proc/$PPID/environ'),
        user: '1000',
      });
      expect(others.exitCode).toBe(1);
      expect(others.stderr.match(/Permission denied/g)).toHaveLength(2);
    });

    it('passes signals on to all of the program, and tells how it ended', async () => {
      const asked = sibling().start(sh('trap "echo cleaned; exit 3" TERM; sleep 60 & echo up; wait'));
      await wrote(asked, 'up');
      asked.signal('SIGTERM');
      expect(await asked.ended).toMatchObject({ exitCode: 3, stdout: 'up\ncleaned\n' });
      const plain = sibling().start(sh('echo up; exec sleep 60'));
      await wrote(plain, 'up');
      plain.signal('SIGTERM');
      expect((await plain.ended).exitCode).toBe(143);
      const deaf = sibling().start(sh('trap "" TERM; echo up; while :; do sleep 1; done'));
      await wrote(deaf, 'up');
      deaf.signal('SIGTERM');
      expect((await sibling().run({ commands: ['true'] })).exitCode).toBe(0);
      deaf.signal('SIGKILL');
      expect((await deaf.ended).exitCode).toBe(137);
    });

    it('survives a program that kills its group', async () => {
      expect((await sibling().run(sh('kill -9 0'))).exitCode).toBe(137);
      expect((await sibling().run(sh('trap "" TERM; kill -TERM 0; exit 4'))).exitCode).toBe(4);
      expect((await sibling().run(sh('kill -TERM $PPID; exit 5'))).exitCode).toBe(5);
    });

    it('lets a program open /dev/stdout, also as another user', async () => {
      const script = 'echo 1; echo 2 >/dev/stdout; echo a >&2; echo b >/dev/stderr; echo 3';
      for (const user of ['0', '1000'])
        expect(await sibling().run({ ...sh(script), user })).toMatchObject({
          stdout: '1\n2\n3\n',
          stderr: 'a\nb\n',
        });
    });

    it('takes 100 MB of output, and all of it', async () => {
      const { bytes, exitCode, stdout } = await sibling().run(
        sh('yes 123456789 | head -n 10000000; echo end; exit 6'),
      );
      expect([bytes, exitCode]).toEqual([100_000_004, 6]);
      expect(stdout.endsWith('123456789\nend\n')).toBe(true);
    });

    it('ends with its first process, whatever holds the output or has left its group', async () => {
      const before = await sibling().processes();
      const holders = [
        'sleep 300 &',
        'setsid sleep 300 &',
        'setsid sh -c "sleep 300 & sleep 300" &',
        'yes &',
      ];
      for (const holder of holders) {
        const { exitCode } = await sibling().run(sh(`${holder} sleep 0.05; exit 7`));
        expect(exitCode).toBe(7);
        expect(await sibling().processes()).toEqual(before);
      }
    });

    it("kills what a program has left, and nothing of another's", async () => {
      const other = sibling().start(sh('setsid sleep 301 & echo up; wait'));
      await wrote(other, 'up');
      await sibling().run(sh('setsid sleep 302 & sleep 0.1; exit 0'));
      const left = (await sibling().processes()).join('\n');
      expect(left).toContain('sleep 301');
      expect(left).not.toContain('sleep 302');
      other.signal('SIGKILL');
      await other.ended;
      expect((await sibling().processes()).join('\n')).not.toContain('sleep 301');
    });

    it("never takes a program for a leftover of another's that has just ended", async () => {
      // A lane begins a program as soon as it hears of an end, while what others left is still being killed.
      const lane = async () => {
        const codes: number[] = [];
        for (let time = 0; time < 40; time += 1)
          codes.push((await sibling().run(sh('setsid sleep 303 & sleep 0.01; exit 8'))).exitCode);
        return codes;
      };
      const codes = await Promise.all([lane(), lane(), lane(), lane()]);
      expect(new Set(codes.flat())).toEqual(new Set([8]));
      expect((await sibling().processes()).join('\n')).not.toContain('sleep 303');
    });

    it('runs many programs, side by side and one after another', async () => {
      const runs = Array.from({ length: 100 }, (_, at) =>
        sibling().run({ ...sh('echo $N; exit $((N % 5))'), env: { N: String(at) } }),
      );
      const ends = await Promise.all(runs);
      expect(ends.map(({ stdout, exitCode }) => `${stdout.trim()} ${exitCode}`)).toEqual(
        Array.from({ length: 100 }, (_, at) => `${at} ${at % 5}`),
      );
    });
  });

  describe('of Debian with Python', () => {
    const sibling = underTest(engine, runtime.folder, pythonImage.name);

    it('runs it in its working directory with its variables', async () => {
      const script = 'import os; print(os.getcwd(), os.environ["LANG"], os.environ["HOME"], os.environ["A"])';
      const ran = await sibling().run({ commands: ['python3', '-c', script], env: { A: 'ž🐎' } });
      expect(Buffer.from(ran.stdout, 'latin1').toString()).toBe('/srv C.UTF-8 / ž🐎\n');
    });

    it('sets limits', async () => {
      const script = 'import resource; print(resource.getrlimit(resource.RLIMIT_NOFILE))';
      const run = { commands: ['python3', '-c', script], ulimits: ['nofile=100:200'], user: '1000' };
      expect((await sibling().run(run)).stdout).toBe('(100, 200)\n');
    });
  });

  it('with too little memory says that its program was killed for it, and goes on', async () => {
    const sibling = await SiblingUnderTest.start(engine, runtime.folder, pythonImage.name, {
      memoryMib: 150,
    });
    const ran = await sibling.run({ commands: ['python3', '-c', 'x = bytearray(2**30)'] });
    expect(ran).toMatchObject({ exitCode: 137, outOfMemory: true });
    expect((await sibling.run({ commands: ['python3', '-c', 'print(1)'] })).stdout).toBe('1\n');
    await sibling.stop();
  });

  it('that is killed from outside is told in words, with what ran in it', async () => {
    const onGone = vi.fn();
    const sibling = await SiblingUnderTest.start(engine, runtime.folder, busyboxImage.name, { onGone });
    const running = sibling.start(sh('echo up; sleep 60'));
    await wrote(running, 'up');
    await sibling.kill();
    const gone = `the container of ${busyboxImage.name} on this node is gone: it was killed from outside`;
    expect(await running.ended).toMatchObject({ exitCode: 137, gone, stdout: 'up\n' });
    expect(onGone).toHaveBeenCalledOnce();
    expect(await sibling.run({})).toMatchObject({ exitCode: 137, gone });
    await sibling.stop();
  });

  it('ends when its agent does, with all that runs in it', async () => {
    const sibling = await SiblingUnderTest.start(engine, runtime.folder, busyboxImage.name);
    const running = [1, 2, 3].map(() =>
      sibling.start(sh('trap "" TERM; echo up; while :; do sleep 1; done')),
    );
    for (const each of running) await wrote(each, 'up');
    expect(await sibling.stop()).toBe(0);
  });
});

function underTest(
  engine: EngineClient,
  runtime: string,
  image: string,
  options: { readOnly?: boolean } = {},
) {
  let sibling: SiblingUnderTest | undefined;
  beforeAll(async () => {
    sibling = await SiblingUnderTest.start(engine, runtime, image, options);
  });
  afterAll(async () => {
    await sibling?.stop();
  });
  return () => sibling as SiblingUnderTest;
}
