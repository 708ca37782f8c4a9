import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeConfig } from '../../agent/node-config.ts';
import { nonRootFolder } from '../../agent/shell/script-user.ts';
import type { NodeHandle, NodeLauncher, NodeRequest } from '../../shared/ports/node-launcher.ts';
import { AgentPool } from './agent-pool.ts';
import { mayHaveContainers, sweepContainers } from './container-sweep.ts';
import { bootId, isAlive, signal, startTimeOf } from './process-life.ts';

export interface LocalNodes {
  readonly dataDir: string;
  readonly workDir: string;
  readonly endpoint: () => string;
  readonly endpointFile: string;
  readonly logDirOf: (jobUid: string) => string;
  readonly secretsFile?: string;
  readonly log: (line: string) => void;
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
  readonly #clearing = new Map<string, Promise<void>>();

  constructor(nodes: LocalNodes) {
    this.#nodes = nodes;
    this.#folder = join(nodes.dataDir, 'nodes');
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#agents = new AgentPool(join(nodes.dataDir, 'agents.log'), nodes.workDir);
  }

  /** Starts no further agents ahead of need; nodes go on. Resolves when what dead nodes left is gone. */
  async close(): Promise<void> {
    this.#agents.close();
    await Promise.all(this.#clearing.values());
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
      this.#agents.giveBack(agent);
      return this.#clear(request.instance);
    });
    // The program of a node that is gone may be another node by now.
    return { gone, kill: () => (isGone ? undefined : this.#kill(request.instance, agent.pid)) };
  }

  adopt(instance: string): NodeHandle | undefined {
    const file = this.#recall(instance);
    if (file === undefined || !isAlive(file.pid, file.startTime)) {
      const isClear = !mayHaveContainers(join(this.#folder, instance));
      const gone = this.#clear(instance);
      return isClear ? undefined : { gone, kill: () => undefined };
    }
    const gone = new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        if (isAlive(file.pid, file.startTime)) return;
        clearInterval(timer);
        resolve(this.#clear(instance));
      }, ADOPTED_CHECK_MS);
      timer.unref();
    });
    return { gone, kill: () => this.#kill(instance, file.pid) };
  }

  /** Kills all nodes of this data folder, and what they run. */
  async killAll(): Promise<void> {
    const all = readdirSync(this.#folder).map((instance) => {
      const file = this.#recall(instance);
      if (file !== undefined && isAlive(file.pid, file.startTime)) this.#kill(instance, file.pid);
      return this.#clear(instance);
    });
    await Promise.all(all);
  }

  /** Removes containers of nodes that died while nobody looked, or while the engine was away. */
  sweep(): void {
    for (const instance of readdirSync(this.#folder)) {
      const file = this.#recall(instance);
      const isDead = file !== undefined && !isAlive(file.pid, file.startTime);
      if (isDead && mayHaveContainers(join(this.#folder, instance))) void this.#clear(instance);
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
      ...(request.runAsNonRoot ? { runAsNonRoot: true } : {}),
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

  /** Ends what a node left, and forgets the node. What it left in the engine takes a moment. */
  #clear(instance: string): Promise<void> {
    const underWay = this.#clearing.get(instance);
    if (underWay !== undefined) return underWay;
    const clearing = this.#endAll(instance).finally(() => this.#clearing.delete(instance));
    this.#clearing.set(instance, clearing);
    return clearing;
  }

  async #endAll(instance: string): Promise<void> {
    this.#killGroups(instance);
    const runDir = join(this.#folder, instance);
    try {
      if (mayHaveContainers(runDir)) await sweepContainers(instance, runDir);
    } catch (error) {
      // The folder stays, so that a later sweep finds it.
      this.#nodes.log(`containers of node ${instance} may be left: ${(error as Error).message}`);
      return;
    }
    rmSync(runDir, { recursive: true, force: true });
    rmSync(nonRootFolder(instance), { recursive: true, force: true });
  }
}
