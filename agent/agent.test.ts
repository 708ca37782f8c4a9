import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { NodeAssignment } from '../shared/contract/report.ts';
import type { Runnable } from '../shared/contract/runnable.ts';
import type { LogLine } from '../shared/ports/log-line.ts';
import type { NodeConfig } from './node-config.ts';
import { FakeService, type FakeServiceSetting } from './testing/fake-service.ts';
import { type StartedAgent, startAgent } from './testing/run-agent.ts';

let service: FakeService | undefined;
let agent: StartedAgent | undefined;
const folders: string[] = [];
afterEach(async () => {
  agent?.process.kill('SIGKILL');
  await agent?.exit;
  if (agent !== undefined) rmSync(agent.folder, { recursive: true, force: true });
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  await service?.close();
});

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  folders.push(folder);
  return folder;
}

interface Given {
  setting?: Partial<FakeServiceSetting>;
  assignment?: NodeAssignment;
  config?: Partial<NodeConfig>;
  environment?: NodeJS.ProcessEnv;
}

/** Starts a service with tasks of these runnables, and a real agent. */
async function start(taskCount: number, runnables: Runnable[], given: Given = {}) {
  const assignment = { jobUid: 'u', jobId: 'j', groupId: 'group0', taskSlots: 4, taskSpec: { runnables } };
  service = new FakeService({
    taskCount,
    assignment: { ...assignment, ...given.assignment },
    ...given.setting,
  });
  const endpoint = await service.listen();
  agent = startAgent(endpoint, given.config, given.environment);
  return { service, agent };
}

/** Ends the agent as the service does when the job is over. */
async function finish(): Promise<number> {
  if (service === undefined || agent === undefined) throw new Error('nothing was started');
  service.refusal = { code: 400, status: 'FAILED_PRECONDITION' };
  service.nudge();
  return await agent.exit;
}

function logOf({ config }: StartedAgent): LogLine[] {
  const text = readFileSync(join(config.logDir, `${config.instance}.jsonl`), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogLine);
}
const hasLines = (one: StartedAgent, count: number) =>
  existsSync(join(one.config.logDir, 'node-0.jsonl')) && logOf(one).length === count;
const lives = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const sh = (text: string, given: Runnable = {}): Runnable => ({ script: { text }, ...given });

async function until(isSo: () => boolean): Promise<void> {
  for (let at = 0; at < 1000 && !isSo(); at += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(isSo()).toBe(true);
}

describe('an agent process', () => {
  it('runs 500 tasks, with output and exit codes, and leaves nothing behind', async () => {
    const text = 'echo "task $BATCH_TASK_INDEX"; test $((BATCH_TASK_INDEX % 100)) -ne 99';
    const started = await start(500, [sh(text)]);
    await started.service.done();
    const failed = [...started.service.outcomes]
      .filter(([, { state }]) => state === 'FAILED')
      .sort(([one], [other]) => one - other);
    expect(failed.map(([index, { exitCode }]) => [index, exitCode])).toEqual(
      [99, 199, 299, 399, 499].map((index) => [index, 1]),
    );
    expect(new Set(started.service.authorizations)).toEqual(new Set(['Bearer the-token-of-the-seat']));
    expect(await finish()).toBe(0);
    const lines = logOf(started.agent);
    expect(new Set(lines.map(({ task, text }) => `${task} ${text}`)).size).toBe(500);
    expect(lines.every(({ task, text }) => text === `task ${task}`)).toBe(true);
    expect(existsSync(started.agent.config.runDir)).toBe(false);
  });

  it('takes 40 tasks through two barriers with 4 slots, background runnables and all', async () => {
    const runnables = [
      sh('sleep 1000', { background: true }),
      sh('echo first'),
      { barrier: {} },
      sh('echo second'),
      { barrier: { name: 'b' } },
      sh('echo third; echo \'{"batch/custom/event": "done"}\''),
    ];
    const started = await start(40, runnables);
    await started.service.done();
    expect(new Set([...started.service.outcomes.values()].map((outcome) => JSON.stringify(outcome)))).toEqual(
      new Set([JSON.stringify({ state: 'SUCCEEDED', exitCode: 0, descriptions: ['done'] })]),
    );
    const order = logOf(started.agent)
      .map(({ text }) => text)
      .filter((text) => !text.startsWith('{'));
    expect(order).toEqual(['first', 'second', 'third'].flatMap((text) => Array(40).fill(text)));
    expect(await finish()).toBe(0);
  });

  it('gives secrets to the runnable and to nobody else', async () => {
    const file = join(aFolder(), 'secrets.json');
    writeFileSync(file, '{"pw": "open-sesame"}', { mode: 0o600 });
    const environment = { secretVariables: { PW: 'projects/p/secrets/pw/versions/1' } };
    const missing = { secretVariables: { PW: 'projects/p/secrets/none/versions/1' } };
    const started = await start(
      1,
      [
        sh('test "$PW" = open-sesame && echo "it is $PW"; printf %s "$PW" >&2', { environment }),
        sh('true', { environment: missing }),
      ],
      { config: { secretsFile: file } },
    );
    await started.service.done();
    expect(started.service.outcomes.get(0)).toMatchObject({ state: 'FAILED', exitCode: 50000 });
    expect(started.service.outcomes.get(0)?.descriptions[0]).toContain(
      'secret projects/p/secrets/none/versions/1 for environment variable PW cannot be resolved',
    );
    expect(logOf(started.agent).map(({ text }) => text)).toEqual(['it is ***', '***']);
    expect(JSON.stringify(started.service.reports)).not.toContain('open-sesame');
    expect(await finish()).toBe(0);
  });

  it('keeps its token out of what a runnable can see of its environment', async () => {
    const started = await start(1, [sh('env; tr "\\0" "\\n" </proc/$PPID/environ; ps -eo args')]);
    await started.service.done();
    const texts = logOf(started.agent).map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(3);
    expect(texts.join('\n')).not.toContain(started.agent.config.token);
  });

  it('writes output where the job’s logs policy says', async () => {
    const logsPath = `${aFolder()}/`;
    const logsPolicy = { destination: 'PATH' as const, logsPath };
    const started = await start(3, [sh('echo out; echo err >&2')], {
      assignment: {
        taskSpec: { runnables: [sh('echo out; echo err >&2')] },
        taskSlots: 1,
        logsPolicy,
        jobUid: 'u',
        groupId: 'group0',
      },
    });
    await started.service.done();
    const text = readFileSync(join(logsPath, 'output-u-group0-2.log'), 'utf8');
    expect(text).toMatch(/INFO: \[task_id:task\/u-group0-2\/0\/0,runnable_index:0\] out\n/);
    expect(text).toMatch(/ERROR: .* err\n/);
  });

  it('reports a path that is not there, and a timeout', async () => {
    const started = await start(
      1,
      [
        { script: { path: 'no/such/script' }, ignoreExitStatus: true, displayName: 'gone' },
        sh('trap "" TERM; while :; do sleep 0.1; done', { timeout: '0.200s' }),
      ],
      { config: { killGraceMs: 200 } },
    );
    await started.service.done();
    expect(started.service.outcomes.get(0)).toEqual({
      state: 'FAILED',
      exitCode: 50005,
      descriptions: [
        'script at index #0 with display name [gone] started.',
        'script at index #0 with display name [gone] finished with exit code 127.',
      ],
    });
    expect(logOf(started.agent)[0]).toMatchObject({
      stream: 'stderr',
      text: 'cannot run the script at path no/such/script: there is no such file',
    });
  });

  it('survives failing reports, its launcher and a move of the service', async () => {
    const endpointFile = join(aFolder(), 'endpoint');
    writeFileSync(endpointFile, 'http://127.0.0.1:1\n');
    const started = await start(30, [sh('sleep 0.05')], {
      config: { endpointFile, endpoint: 'http://127.0.0.1:1' },
    });
    started.service.failures = 3;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(started.service.reports).toEqual([]);
    started.agent.process.stderr?.destroy();
    writeFileSync(endpointFile, started.service.address);
    await started.service.done();
    expect(await finish()).toBe(0);
  });

  it('gives up without a service, and kills what it started', async () => {
    const config = { giveUpAfterMs: 300 };
    const started = await start(1, [sh('echo $$; exec sleep 1000')], {
      config,
      setting: { defaultReportInterval: '0.050s' },
    });
    await until(() => hasLines(started.agent, 1));
    const pid = Number(logOf(started.agent)[0]?.text);
    started.service.failures = Number.POSITIVE_INFINITY;
    expect(await started.agent.exit).toBe(1);
    await until(() => !lives(pid));
  });

  it('asked to stop, says so as the last thing', async () => {
    const started = await start(9, [sh('echo up; sleep 1000')], { config: { isSpot: true } });
    await until(() => hasLines(started.agent, 4));
    started.agent.process.kill('SIGTERM');
    expect(await started.agent.exit).toBe(0);
    const last = started.service.reports.at(-1);
    expect(last?.agentInfo?.state).toBe('AGENT_STOPPED');
    expect(last?.metadata?.instancePreemptionNoticeReceived).toBe(true);
    // Their ends may have come one by one, and some in the report before.
    const told = started.service.reports.flatMap(({ agentInfo }) => agentInfo?.tasks ?? []);
    const ended = told.filter(
      ({ taskStatus }) => taskStatus?.statusEvents?.at(-1)?.taskExecution?.exitCode === 50001,
    );
    expect(new Set(ended.map(({ taskId }) => taskId)).size).toBe(4);
  });
});
