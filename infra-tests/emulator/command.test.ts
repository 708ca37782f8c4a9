import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { Job } from '../../shared/contract/job.ts';
import type { Task } from '../../shared/contract/task.ts';
import { describeDeployed } from './describe-deployed.ts';
import type { Credentials } from './signed-fetch.ts';
import { userForTest } from './user-for-test.ts';

const MAIN = join(import.meta.dirname, '../../cli/main.ts');
const JOB = join(import.meta.dirname, '../../examples/hello/job.json');
const run = promisify(execFile);

describeDeployed('the command sluice, signing', ({ api, clients, outputs, target, project }) => {
  const place = ['--project', project, '--location', target.region];

  /** What a process of the command has written, and how it ended. */
  async function sluice(whose: Credentials | undefined, ...args: string[]) {
    const others = Object.entries(process.env).filter(([name]) => !/^(AWS|SLUICE)_/.test(name));
    const env = {
      ...Object.fromEntries(others),
      SLUICE_ENDPOINT: `${api.endpoint}/`,
      ...(whose && {
        SLUICE_AUTH: 'aws',
        AWS_REGION: target.region,
        AWS_ACCESS_KEY_ID: whose.accessKeyId,
        AWS_SECRET_ACCESS_KEY: whose.secretAccessKey,
      }),
    };
    const command = ['--disable-warning=ExperimentalWarning', MAIN, ...args, ...place];
    const ended = run(process.execPath, command, { env });
    const { stdout, stderr } = await ended.catch((error: { stdout: string; stderr: string }) => error);
    return { code: ended.child.exitCode, out: stdout, err: stderr };
  }

  it('submits a job, waits for it, and shows it, its tasks and its output', async () => {
    const owner = await userForTest(clients, outputs.FullAccessPolicy);
    const succeeds = async (...args: string[]) => {
      const ended = await sluice(owner, ...args);
      expect(ended, args.join(' ')).toMatchObject({ code: 0 });
      return ended.out;
    };
    await succeeds('jobs', 'submit', 'by-command', '--config', JOB);
    await succeeds('jobs', 'wait', 'by-command');
    const job = JSON.parse(await succeeds('jobs', 'describe', 'by-command', '--format', 'json')) as Job;
    expect(job).toMatchObject({ name: `${api.parent}/jobs/by-command`, status: { state: 'SUCCEEDED' } });
    const tasks = await succeeds('tasks', 'list', '--job', 'by-command', '--format', 'json');
    expect((JSON.parse(tasks) as Task[]).map(({ status }) => status?.state)).toEqual([
      'SUCCEEDED',
      'SUCCEEDED',
      'SUCCEEDED',
    ]);
    const written = await succeeds('logs', 'by-command');
    for (const task of [0, 1, 2])
      for (const script of [1, 2])
        expect(written).toContain(`Hello world from script ${script} for task ${task}`);
  });

  it('says what a policy does not allow, and to whom', async () => {
    const reader = await userForTest(clients, outputs.ReadOnlyPolicy);
    const refused = await sluice(reader, 'jobs', 'submit', 'not-allowed', '--config', JOB);
    expect(refused.code).not.toBe(0);
    expect(refused.err).toMatch(/user\/test-\w+ is not authorized to perform: execute-api:Invoke/);
    expect(await sluice(reader, 'jobs', 'list')).toMatchObject({ code: 0 });
  });

  it('says how to be known where it was not told to sign', async () => {
    const unknown = await sluice(undefined, 'jobs', 'list');
    expect(unknown.code).not.toBe(0);
    expect(unknown.err).toContain('wants AWS credentials (--aws, or SLUICE_AUTH=aws) or a token');
  });
});
