import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { serviceForTest, temporaryFolder } from '../../local/testing/service-for-test.ts';
import type { Outcome } from '../../shared/testing/acceptance/outcome.ts';
import { describeWithDocker } from './describe-with-docker.ts';
import { leftInEngine } from './left-in-engine.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

await describeWithDocker('containers on one machine', ({ engine }) => {
  const dataDir = temporaryFolder();
  const input = temporaryFolder();
  chmodSync(input, 0o755);
  const secretsFile = join(dataDir, 'secrets.json');
  writeFileSync(secretsFile, JSON.stringify({ pw: 'open-sesame' }), { mode: 0o600 });
  const { api } = serviceForTest({ dataDir, secretsFile });
  let jobs = 0;

  /** Runs a job of one task, or of what `group` says, to its end. */
  async function run(runnables: object[], spec: object = {}, group: object = {}): Promise<Outcome> {
    jobs += 1;
    const name = `job-${jobs}`;
    await api().createJob(name, { taskGroups: [{ ...group, taskSpec: { ...spec, runnables } }] });
    await api().waitForEnd(name, 100);
    return await api().outcome(name);
  }
  const container = (given: object, more: object = {}) => ({
    container: { imageUri: 'sluice-test/busybox:1', ...given },
    ...more,
  });
  const shell = (text: string, given: object = {}, more: object = {}) =>
    container({ commands: ['sh', '-c', text], ...given }, more);
  const eventsOf = ({ tasks }: Outcome) =>
    (tasks[0]?.status?.statusEvents ?? []).map(({ description }) => description ?? '');
  const exitCodeOf = ({ tasks }: Outcome) =>
    tasks[0]?.status?.statusEvents?.findLast(({ taskExecution }) => taskExecution)?.taskExecution?.exitCode;

  afterAll(async () => {
    // Hooks run from the last to the first: the service is still up, and has nothing to do.
    expect(await leftInEngine(engine, dataDir)).toBe(0);
  });

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
