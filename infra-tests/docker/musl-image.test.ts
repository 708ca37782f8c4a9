import { expect, it, vi } from 'vitest';
import { describeWithDocker } from './describe-with-docker.ts';
import { container, embeddedJobs, exitCodeOf } from './embedded-jobs.ts';
import { muslImage } from './images.ts';
import { MUSL_QUESTIONS, wrongAnswers } from './musl-answers.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

await describeWithDocker(
  'an image with musl and one program, on one machine',
  ({ engine }) => {
    const run = embeddedJobs(engine);

    it('finds its own loader, and what it was given', async () => {
      const image = { imageUri: muslImage.name };
      const runnable = container(
        { ...image, commands: MUSL_QUESTIONS },
        { environment: { variables: { A: '1' } } },
      );
      const outcome = await run([runnable]);
      expect(wrongAnswers(outcome.lines)).toEqual([]);
      expect(outcome.lines).toContain('variable A=1');
      expect(exitCodeOf(outcome)).toBe(3);
    });

    it('is run as a user of whom it knows nothing, with a root that cannot be written', async () => {
      const options = '--user 1234:77 --read-only';
      const { lines } = await run([container({ imageUri: muslImage.name, commands: ['user'], options })]);
      expect(lines).toEqual(['user 1234:77, not in accounts']);
    });
  },
  [muslImage],
);
