import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeWithDocker } from '../docker/describe-with-docker.ts';
import { muslImage } from '../docker/images.ts';
import { MUSL_QUESTIONS, wrongAnswers } from '../docker/musl-answers.ts';
import { makeRuntime } from './sibling-runtime.ts';
import { SiblingUnderTest } from './sibling-under-test.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

await describeWithDocker(
  'a sibling container of an image with musl and one program',
  ({ engine }) => {
    const runtime = makeRuntime();
    let sibling: SiblingUnderTest;
    beforeAll(async () => {
      sibling = await SiblingUnderTest.start(engine, runtime.folder, muslImage.name, { readOnly: true });
    });
    afterAll(async () => {
      await sibling.stop();
      runtime.remove();
    });
    const ask = async (program: Parameters<SiblingUnderTest['run']>[0]) => {
      const { stdout, exitCode } = await sibling.run(program);
      return { lines: stdout.trim().split('\n'), exitCode };
    };

    it('gives its program its own loader and libraries, and nothing of the wrapper', async () => {
      const { lines, exitCode } = await ask({ commands: MUSL_QUESTIONS, env: { A: '1' } });
      expect(wrongAnswers(lines)).toEqual([]);
      expect(lines).toContain('variable A=1');
      expect(exitCode).toBe(3);
      const names = lines.flatMap((line) => /^variable (\w+)=/.exec(line)?.[1] ?? []);
      expect(names.sort()).toEqual(['A', 'HOME', 'HOSTNAME', 'LD_PRELOAD', 'NODE_OPTIONS', 'PATH']);
    });

    it('runs it as a user of whom the image knows nothing', async () => {
      expect((await ask({ commands: ['user'], user: '1234:77' })).lines).toEqual([
        'user 1234:77, not in accounts',
      ]);
    });

    it('runs it with limits, which programs of the runtime set', async () => {
      // These are linked to the other C library, and become the program afterwards.
      const program = { commands: MUSL_QUESTIONS, ulimits: ['nofile=100:200'], user: '1234:77' };
      expect(wrongAnswers((await ask(program)).lines)).toEqual([]);
    });
  },
  [muslImage],
);
