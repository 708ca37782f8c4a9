import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeConfig } from '../node-config.ts';

/** A real agent process, started as the launcher starts it. */
export interface StartedAgent {
  config: NodeConfig;
  /** Holds its folders, where the config names no others; to be removed by the caller. */
  folder: string;
  process: ChildProcess;
  /** Resolves with the exit code, or -1 when a signal ended it. */
  exit: Promise<number>;
}

/** Starts `agent/main.ts` for a service at `endpoint`. */
export function startAgent(
  endpoint: string,
  given: Partial<NodeConfig> = {},
  environment: NodeJS.ProcessEnv = process.env,
  main = join(import.meta.dirname, '..', 'main.ts'),
): StartedAgent {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-agent-'));
  const config: NodeConfig = {
    endpoint,
    parent: 'projects/p/locations/l',
    jobId: 'j',
    taskGroupId: 'group0',
    instance: 'node-0',
    instanceId: '17',
    zone: 'local-a',
    machineType: 'local',
    token: 'the-token-of-the-seat',
    workDir: folder,
    logDir: join(folder, 'logs'),
    runDir: join(folder, 'run'),
    ...given,
  };
  const child = spawn(process.execPath, [main], { stdio: ['pipe', 'inherit', 'pipe'], env: environment });
  child.stdin.end(`${JSON.stringify(config)}\n`);
  if (process.env.SLUICE_AGENT_LOG !== undefined) child.stderr.pipe(process.stderr);
  else child.stderr.resume();
  const exit = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
  return { config, folder, process: child, exit };
}
