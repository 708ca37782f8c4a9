import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../local/testing/service-for-test.ts';
import { describeWithDocker } from './describe-with-docker.ts';
import { container, embeddedJobs, eventsOf, shell } from './embedded-jobs.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

await describeWithDocker('containers on one machine', ({ engine }) => {
  const input = temporaryFolder();
  chmodSync(input, 0o755);
  const run = embeddedJobs(engine, { pw: 'open-sesame' });

  it.each<[name: string, runnables: object[], lines: string[]]>([
    [
      'an image with one static file, by its entry point and command',
      [container({ imageUri: 'sluice-test/static:1' })],
      ['from the image'],
    ],
    [
      'its entry point with other arguments',
      [container({ imageUri: 'sluice-test/static:1', commands: ['echo', 'a', '', 'b'] })],
      ['a  b'],
    ],
    [
      'another entry point, and none',
      [
        container({ imageUri: 'sluice-test/static:1', entrypoint: '/busybox', commands: ['echo', 'one'] }),
        container({
          imageUri: 'sluice-test/static:1',
          entrypoint: '',
          commands: ['/busybox', 'echo', 'two'],
        }),
      ],
      ['one', 'two'],
    ],
    ['busybox', [shell('echo $((6 * 7))')], ['42']],
    [
      'Debian with Python',
      [container({ imageUri: 'sluice-test/python:1', commands: ['python3', '-c', 'print(sum(range(10)))'] })],
      ['45'],
    ],
  ])('%s', async (_, runnables, lines) => {
    const outcome = await run(runnables);
    expect(outcome.job.status?.state).toBe('SUCCEEDED');
    expect(outcome.lines).toEqual(lines);
  });

  it('records the image by its content in the history of the first task', async () => {
    const events = eventsOf(await run([container({})]));
    expect(events).toContainEqual(
      expect.stringMatching(/^Image sluice-test\/busybox:1 is on the node: sha256:[0-9a-f]{64}\.$/),
    );
  });

  it('options mean what they mean to docker run', async () => {
    const script = [
      'echo "$A|$(id -u):$(id -g)|$(pwd)|$(ulimit -n)|$(cat /proc/1/comm)"',
      'df -k /dev/shm | tail -1 | { read _ size _; echo "shm $size"; }',
      'touch /file 2>/dev/null || echo read-only',
      'ls /sys/class/net | tr "\\n" " "; echo; cat /in/file',
    ].join('; ');
    writeFileSync(join(input, 'file'), 'from the machine\n');
    const options = `--env "A=b c" --user 5:6 --workdir /tmp --ulimit nofile=99 --init --shm-size 5m --read-only --network none --volume ${input}:/in:ro`;
    const { lines } = await run([shell(script, { options })]);
    expect(lines).toEqual([
      expect.stringMatching(/^b c\|5:6\|\/tmp\|99\|(docker-init|tini|init)/),
      'shm 5120',
      'read-only',
      'lo ',
      'from the machine',
    ]);
  });

  it('has the job’s environment, the service’s own variables over all of it', async () => {
    const script = 'echo "$A $B $C $BATCH_TASK_INDEX/$BATCH_TASK_COUNT $BATCH_JOB_ID $PATH"';
    const { lines, job } = await run(
      [
        shell(
          script,
          { options: '--env C=option --env B=option' },
          { environment: { variables: { B: 'own', BATCH_TASK_INDEX: 'own' } } },
        ),
      ],
      { environment: { variables: { A: 'spec', B: 'spec' } } },
      { taskCount: 2 },
    );
    const jobId = job.name?.split('/').at(-1);
    expect([...lines].sort()).toEqual([
      `spec own option 0/2 ${jobId} /bin`,
      `spec own option 1/2 ${jobId} /bin`,
    ]);
  });

  it('gives secrets to the container and hides them in its output', async () => {
    const environment = { secretVariables: { PW: 'projects/p/secrets/pw/versions/1' } };
    const { lines, job } = await run([
      shell('[ $(printf %s "$PW" | wc -c) = 11 ] && echo "it is $PW"; echo $PW >&2', {}, { environment }),
    ]);
    expect([...lines].sort()).toEqual(['***', 'it is ***']);
    expect(JSON.stringify(job)).not.toContain('open-sesame');
  });

  it('background containers live across a barrier and are killed without harm', async () => {
    const { lines, job } = await run(
      [
        shell(
          'trap "exit 9" TERM; echo up > /at/up; while :; do sleep 0.1; done',
          { volumes: ['/at:/at'] },
          { background: true },
        ),
        shell('until [ -s /at/up ]; do sleep 0.1; done; echo first', { volumes: ['/at:/at'] }),
        { barrier: {} },
        shell('cat /at/up', { volumes: ['/at:/at'] }),
      ],
      {},
      { taskCount: 2 },
    );
    expect(job.status?.state).toBe('SUCCEEDED');
    expect(lines).toEqual(['first', 'first', 'up', 'up']);
  });

  it('custom status events come from a container’s output', async () => {
    const outcome = await run([shell(`echo '{"batch/custom/event": "half"}'`, {}, { displayName: 'one' })]);
    expect(
      eventsOf(outcome).filter((event) => !event.startsWith('Task') && !event.startsWith('Image')),
    ).toEqual([
      'container at index #0 with display name [one] started.',
      'half',
      'container at index #0 with display name [one] finished with exit code 0.',
    ]);
  });
});
