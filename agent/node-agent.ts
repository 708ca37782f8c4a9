import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeAssignment } from '../shared/contract/report.ts';
import type { ContainerEngine } from './container/container-engine.ts';
import { ContainerRunner } from './container/container-runner.ts';
import { DockerEngine } from './container/docker/docker-engine.ts';
import type { AgentAction, AgentEvent } from './core/agent-event.ts';
import { type AgentState, agentSettings, newAgent } from './core/agent-state.ts';
import { step } from './core/step.ts';
import type { NodeConfig } from './node-config.ts';
import { readOsRelease } from './os-release.ts';
import { LocalLog } from './output/local-log.ts';
import { OutputPipes } from './output/output-pipe.ts';
import { OutputSinks } from './output/output-sinks.ts';
import { PathLog } from './output/path-log.ts';
import { Endpoint } from './report/endpoint.ts';
import { ReportClient } from './report/report-client.ts';
import { GroupFile } from './shell/group-file.ts';
import { ScriptFiles } from './shell/script-file.ts';
import { ScriptRunner } from './shell/script-runner.ts';
import { openScriptUser, type ScriptUser } from './shell/script-user.ts';
import { EnvironmentPreparer } from './shell/secret-environment.ts';
import { LocalSecrets } from './shell/secrets.ts';
import { ShellPool } from './shell/shell-pool.ts';
import { NodeVolumes } from './sibling/node-volumes.ts';
import { SiblingEngine } from './sibling/sibling-engine.ts';
import { AGENT_VERSION } from './version.ts';

/** The agent on this machine: turns what happens into events for the core, and its actions into deeds. */
export class NodeAgent {
  readonly #config: NodeConfig;
  readonly #state: AgentState;
  readonly #client: ReportClient;
  readonly #sinks: OutputSinks;
  readonly #user: ScriptUser;
  readonly #pipes: OutputPipes;
  readonly #pool: ShellPool;
  readonly #scripts: ScriptRunner;
  readonly #containers: ContainerRunner;
  /** On a node that is a task on ECS: the containers beside this one, and the folders that they share. */
  readonly #siblings: SiblingEngine | undefined;
  readonly #volumes: NodeVolumes;
  readonly #log: (message: string) => void;
  readonly #exit: (code: number) => void;
  readonly #events: AgentEvent[] = [];
  /** Whether all that the node consists of has been there. */
  #isComplete = false;
  #isTaking = false;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;

  /** `own`: the agent's environment. `log`: one line for the operator. */
  constructor(
    config: NodeConfig,
    own: NodeJS.ProcessEnv,
    log: (message: string) => void,
    exit: (code: number) => void,
  ) {
    this.#config = config;
    this.#log = log;
    this.#exit = exit;
    mkdirSync(config.runDir, { recursive: true, mode: 0o700 });
    this.#state = newAgent(settingsOf(config), now());
    this.#client = new ReportClient(
      new Endpoint(config.endpoint, config.endpointFile),
      config.parent,
      config.token,
    );
    this.#sinks = new OutputSinks((problem) => log(`output is lost: ${problem.message}`));
    this.#sinks.add(() => new LocalLog(join(config.logDir, `${config.instance}.jsonl`)));
    this.#user = openScriptUser(config, own);
    const { words, environment, folder, owner } = this.#user;
    this.#pipes = new OutputPipes(folder, { owner });
    this.#pool = new ShellPool(
      { workDir: config.workDir, environment, words },
      this.#pipes,
      new GroupFile(join(config.runDir, 'groups')),
    );
    const { siblings } = config;
    this.#volumes = new NodeVolumes(siblings?.volumes ?? []);
    this.#siblings =
      siblings === undefined ? undefined : new SiblingEngine(siblings, (why) => this.#breakOff(why));
    const runner = {
      environments: new EnvironmentPreparer(new LocalSecrets(config.secretsFile, own, config.secrets)),
      sink: this.#sinks,
      tell: (event: AgentEvent) => this.take(event),
    };
    const scripts = new ScriptFiles(folder, config.workDir, owner !== undefined);
    this.#scripts = new ScriptRunner({ ...runner, pool: this.#pool, scripts });
    const isNonRoot = config.runAsNonRoot === true;
    this.#containers = new ContainerRunner({ ...runner, isNonRoot, open: () => this.#openContainers(own) });
  }

  /** Begins, once all that the node consists of is there. */
  async start(): Promise<void> {
    try {
      await this.#siblings?.ready();
      this.#isComplete = true;
      this.take({ type: 'started' });
    } catch (error) {
      this.#log(`cannot begin: ${(error as Error).message}`);
      if (!this.#isOver) this.#end(1);
    }
  }

  /** Takes in an event; those that come while another is being taken in wait for it, and after the end nothing counts. */
  take(event: AgentEvent): void {
    if (this.#isOver) return;
    this.#events.push(event);
    if (this.#isTaking) return;
    this.#isTaking = true;
    for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
      for (const action of step(this.#state, next, now()).actions) this.#perform(action);
      if (this.#isOver) return;
    }
    this.#isTaking = false;
  }

  /** Kills whatever this agent has started. */
  killAll(): void {
    this.#pool.killAll();
  }

  #perform(action: AgentAction): void {
    switch (action.type) {
      case 'startRunnable':
        this.#start(action);
        return;
      case 'killRunnable':
        // Only one of them has it.
        this.#scripts.kill(action.taskId, action.runnable, action.signal);
        this.#containers.kill(action.taskId, action.runnable, action.signal);
        return;
      case 'sendReport':
        // Logs are never behind the state that they belong to.
        this.#sinks.flush();
        void this.#report(action);
        return;
      case 'armTimer':
        this.#arm(action.at);
        return;
      case 'assigned':
        this.#takeAssignment(action.assignment);
        return;
      case 'removeTask':
        this.#containers.forgetTask(action.taskId);
        return;
      case 'exit':
        this.#end(action.code);
        return;
    }
  }

  #start({ task, runnable, step }: AgentAction & { type: 'startRunnable' }): void {
    this.#volumes.enter(task.id);
    if (step.kind === 'container') this.#containers.start(task, runnable, step);
    else this.#scripts.start(task, runnable, step);
  }

  #openContainers(own: NodeJS.ProcessEnv): ContainerEngine {
    if (this.#siblings !== undefined) return this.#siblings;
    const { runDir, instance } = this.#config;
    return new DockerEngine({ own, runDir, instance, jobUid: this.#state.assignment?.jobUid ?? '' });
  }

  /** A node of which a part is gone cannot run its tasks: it says what became of them and makes room for another. */
  #breakOff(why: string): void {
    // Before that, it has nothing to say.
    if (!this.#isComplete) return;
    this.#log(`ends: ${why}`);
    this.take({ type: 'stopRequested', isBroken: true });
  }

  async #report(action: AgentAction & { type: 'sendReport' }): Promise<void> {
    const { report } = action;
    const result = await this.#client.send(action.body, action.waitSeconds);
    // A report that a later one replaced has nothing to say, whatever became of it.
    if (this.#isOver || report !== this.#state.report.sent) return;
    if (result.kind === 'answered') {
      this.take({ type: 'answered', report, response: result.response });
      return;
    }
    this.#log(`report ${report} ${result.kind}: ${result.message}`);
    this.take(result.kind === 'refused' ? { type: 'toldToStop' } : { type: 'reportFailed', report });
  }

  #arm(at: number): void {
    clearTimeout(this.#timer);
    const inMs = Math.min(2 ** 31 - 1, Math.max(0, at - now()));
    this.#timer = setTimeout(() => {
      // Timers may be early by a millisecond, and cannot be set for longer than 24 days.
      if (now() < at) this.#arm(at);
      else this.take({ type: 'tick' });
    }, inMs);
  }

  #takeAssignment({ logsPolicy }: NodeAssignment): void {
    const path = logsPolicy?.destination === 'PATH' ? logsPolicy.logsPath : undefined;
    if (path !== undefined && path !== '') this.#sinks.add(() => new PathLog(path, this.#config.workDir));
  }

  #end(code: number): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#sinks.close();
    this.#pool.killAll();
    this.#pipes.close();
    this.#client.close();
    void this.#leave(code);
  }

  async #leave(code: number): Promise<void> {
    try {
      await this.#siblings?.close();
      await this.#containers.close();
    } catch (error) {
      this.#log(`containers may be left: ${(error as Error).message}`);
      // The folder stays, and with it the mark by which whoever finds this program dead knows to look for them.
      this.#exit(1);
      return;
    }
    rmSync(this.#config.runDir, { recursive: true, force: true });
    this.#user.close();
    this.#exit(code);
  }
}

/** Milliseconds since 1970, by a clock that never goes back. */
function now(): number {
  return Math.floor(performance.timeOrigin + performance.now());
}

function settingsOf(config: NodeConfig) {
  const { jobId, taskGroupId, giveUpAfterMs, retryMaxMs, killGraceMs, stopGraceMs, isSpot } = config;
  return agentSettings({
    jobId,
    taskGroupId,
    metadata: {
      instance: config.instance,
      instanceId: config.instanceId,
      zone: config.zone,
      machineType: config.machineType,
      version: AGENT_VERSION,
      osRelease: readOsRelease(),
    },
    random: Math.random,
    ...(giveUpAfterMs === undefined ? {} : { giveUpAfterMs }),
    ...(retryMaxMs === undefined ? {} : { retryMaxMs }),
    ...(killGraceMs === undefined ? {} : { killGraceMs }),
    ...(stopGraceMs === undefined ? {} : { stopGraceMs }),
    ...(isSpot === undefined ? {} : { isSpot }),
  });
}
