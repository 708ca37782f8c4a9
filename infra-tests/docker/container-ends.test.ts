import { expect, it, vi } from 'vitest';
import { describeWithDocker } from './describe-with-docker.ts';
import { container, embeddedJobs, eventsOf, exitCodeOf, shell } from './embedded-jobs.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

await describeWithDocker('how a container ends', ({ engine }) => {
  const run = embeddedJobs(engine);

  it.each<[name: string, runnable: object, spec: object, exitCode: number, event: RegExp]>([
    [
      'a program that is not there',
      container({ commands: ['nope'] }),
      {},
      127,
      /^container at index #0 could not be started: its image has no such program: .*nope/,
    ],
    [
      'a program that cannot be executed',
      container({ commands: ['/etc'] }),
      {},
      126,
      /^container at index #0 could not be started: its program cannot be executed: /,
    ],
    [
      'no program at all',
      container({ imageUri: 'sluice-test/static:1', entrypoint: '' }),
      {},
      125,
      /^container at index #0 could not be started: No command specified/i,
    ],
    [
      'a command that a shell does not find',
      shell('nope'),
      {},
      127,
      /^container at index #0 ended with exit code 127: a command in it was not found$/,
    ],
    [
      'more memory than allowed',
      container({ imageUri: 'sluice-test/python:1', commands: ['python3', '-c', 'bytearray(300 * 2**20)'] }),
      { computeResource: { memoryMib: '40' } },
      137,
      /^container at index #0 ended with exit code 137: it was killed, for it needed more memory than its limit of 40 MiB \(memoryMib\)$/,
    ],
    ['a code of its own', shell('exit 42'), {}, 42, /to FAILED on .* with exit code 42\.$/],
  ])('%s is told in words', async (_, runnable, spec, exitCode, event) => {
    const outcome = await run([runnable], spec);
    expect(outcome.job.status?.state).toBe('FAILED');
    expect(exitCodeOf(outcome)).toBe(exitCode);
    expect(eventsOf(outcome)).toContainEqual(expect.stringMatching(event));
  });

  it('the limit of processors is kept', async () => {
    const { lines } = await run(
      [shell('cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2>/dev/null || cut -d" " -f1 /sys/fs/cgroup/cpu.max')],
      { computeResource: { cpuMilli: '500' } },
    );
    expect(lines).toEqual(['50000']);
  });
});
