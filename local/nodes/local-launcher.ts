import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeConfig } from '../../agent/node-config.ts';
import type { NodeHandle, NodeLauncher, NodeRequest } from '../../shared/ports/node-launcher.ts';
import { AgentPool } from './agent-pool.ts';
import { bootId, isAlive, signal, startTimeOf } from './process-life.ts';

export interface LocalNodes {
  readonly dataDir: string;
  readonly workDir: string;
  readonly endpoint: () => string;
  readonly endpointFile: string;
  readonly logDirOf: (jobUid: string) => string;
  readonly secretsFile?: string;
}

/** What is kept of a node so that a later life of the service can find it. */
interface NodeFile {
  readonly pid: number;
  readonly startTime?: string;
  readonly boot: string;
}

const ADOPTED_CHECK_MS = 200;
/** A service on this machine that was killed is back within a second or so: agents look for it often. */
const RETRY_MAX_MS = 500;

/**
 * Starts agents as processes of this machine, each leading a process group of its own, so that they outlive the service.
 * When an agent is gone, whatever it left running is killed.
 */
export class LocalLauncher implements NodeLauncher {
  readonly #nodes: LocalNodes;
  readonly #folder: string;
  readonly #agents: AgentPool;

  constructor(nodes: LocalNodes) {
    this.#nodes = nodes;
    this.#folder = join(nodes.dataDir, 'nodes');
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#agents = new AgentPool(join(nodes.dataDir, 'agents.log'), nodes.workDir);
  }

  /** Starts no further agents ahead of need; nodes go on. */
  close(): void {
    this.#agents.close();
  }

  async launch(request: NodeRequest): Promise<NodeHandle> {
    const runDir = join(this.#folder, request.instance);
    mkdirSync(runDir, { recursive: true, mode: 0o700 });
    const { jobUid } = request;
    mkdirSync(this.#nodes.logDirOf(jobUid), { recursive: true, mode: 0o700 });
    const agent = this.#agents.take();
    if (agent.pid !== undefined) this.#remember(request.instance, agent.pid);
    let isGone = false;
    const gone = agent.run(this.#configOf(request, runDir)).then(() => {
      isGone = true;
      this.#clear(request.instance);
      this.#agents.giveBack(agent);
    });
    // The program of a node that is gone may be another node by now.
    return { gone, kill: () => (isGone ? undefined : this.#kill(request.instance, agent.pid)) };
  }

  adopt(instance: string): NodeHandle | undefined {
    const file = this.#recall(instance);
    if (file === undefined || !isAlive(file.pid, file.startTime)) {
      this.#clear(instance);
      return undefined;
    }
    const gone = new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        if (isAlive(file.pid, file.startTime)) return;
        clearInterval(timer);
        this.#clear(instance);
        resolve();
      }, ADOPTED_CHECK_MS);
      timer.unref();
    });
    return { gone, kill: () => this.#kill(instance, file.pid) };
  }

  /** Kills all nodes of this data folder, and what they run. */
  killAll(): void {
    for (const instance of readdirSync(this.#folder)) {
      const file = this.#recall(instance);
      if (file !== undefined && isAlive(file.pid, file.startTime)) this.#kill(instance, file.pid);
      this.#clear(instance);
    }
  }

  #configOf(request: NodeRequest, runDir: string): NodeConfig {
    const { endpointFile, workDir, secretsFile } = this.#nodes;
    const { parent, jobId, groupId, instance, instanceId, zone, machineType, token } = request;
    return {
      endpoint: this.#nodes.endpoint(),
      endpointFile,
      parent,
      jobId,
      taskGroupId: groupId,
      instance,
      instanceId,
      zone,
      machineType,
      token,
      workDir,
      logDir: this.#nodes.logDirOf(request.jobUid),
      runDir,
      retryMaxMs: RETRY_MAX_MS,
      ...(secretsFile === undefined ? {} : { secretsFile }),
    };
  }

  #remember(instance: string, pid: number): void {
    const startTime = startTimeOf(pid);
    const file: NodeFile = { pid, boot: bootId(), ...(startTime === undefined ? {} : { startTime }) };
    writeFileSync(join(this.#folder, instance, 'node.json'), JSON.stringify(file));
  }

  #recall(instance: string): NodeFile | undefined {
    try {
      return JSON.parse(readFileSync(join(this.#folder, instance, 'node.json'), 'utf8')) as NodeFile;
    } catch {
      return undefined;
    }
  }

  #kill(instance: string, pid: number | undefined): void {
    if (pid !== undefined) signal(-pid, 'SIGKILL');
    this.#killGroups(instance);
  }

  /** Kills the process groups that the agent wrote down, for those of a killed agent are still running. */
  #killGroups(instance: string): void {
    if (this.#recall(instance)?.boot !== bootId()) return;
    let groups: string[] = [];
    try {
      groups = readFileSync(join(this.#folder, instance, 'groups'), 'utf8').split('\n');
    } catch {
      return;
    }
    for (const group of groups.map(Number)) if (group > 1) signal(-group, 'SIGKILL');
  }

  #clear(instance: string): void {
    this.#killGroups(instance);
    rmSync(join(this.#folder, instance), { recursive: true, force: true });
  }
}
