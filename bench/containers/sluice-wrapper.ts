import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { EngineClient } from '../../agent/container/docker/engine-client.ts';
import { findEngine } from '../../agent/container/docker/find-engine.ts';
import { startContainer } from '../../infra-tests/siblings/sibling-container.ts';
import { makeRuntime } from '../../infra-tests/siblings/sibling-runtime.ts';
import { readContainer } from '../../shared/core/container/container-request.ts';
import { siblingKey } from '../../shared/core/container/sibling-key.ts';
import { projectFolder } from '../bench-folder.ts';
import { wallClockMs } from '../clock.ts';
import { type Started, start, stop } from '../processes.ts';
import { SluiceClient } from '../sluice-client.ts';
import { endpointOf, serveSluice } from '../sluice-service.ts';
import type { ContainerContender, ContainerWork } from './container-contender.ts';

/** What the service prints for a node that it wants. */
interface WantedNode {
  readonly header: string;
  readonly agentInfo: { readonly jobId: string; readonly taskGroupId: string };
  readonly metadata: {
    readonly instance: string;
    readonly instanceId: string;
    readonly zone: string;
    readonly machineType: string;
  };
}

/**
 * Sluice as on Fargate: one node whose agent has a container beside it, in which the wrapper runs task after task. The
 * node is started when the service wants it, and its start is in the time. The time ends when the node has gone, which ECS
 * tells at once; the service on one machine cannot see a node go that it has not started, and gives it ten seconds.
 */
export const sluiceWrapper: ContainerContender = {
  title: '**Sluice** as on Fargate: one container and the wrapper',
  perTask: 'a process',
  async measure(work) {
    const engine = await findEngine(process.env);
    if (typeof engine === 'string') throw new Error(engine);
    const runtime = makeRuntime();
    const service = serveSluice(work.folder, 'none');
    const node = new BenchNode(engine, runtime.folder, work);
    try {
      const { tasks, slots, imageUri, commands, signal } = work;
      const endpoint = await node.serve(service);
      const { sent } = await new SluiceClient(endpoint, signal).runGroup('measured', {
        taskCount: String(tasks),
        parallelism: String(slots),
        taskCountPerNode: String(slots),
        taskSpec: { runnables: [{ container: { imageUri, commands } }] },
      });
      return (await node.gone) - sent;
    } finally {
      await node.stop();
      await stop(service, 'SIGINT');
      engine.close();
      runtime.remove();
    }
  },
};

/** A node made of an agent and one sibling container. */
class BenchNode {
  readonly #engine: EngineClient;
  readonly #runtime: string;
  readonly #work: ContainerWork;
  #container: Promise<string> | undefined;
  #agent: Started | undefined;
  readonly #gone = Promise.withResolvers<number>();

  constructor(engine: EngineClient, runtime: string, work: ContainerWork) {
    this.#engine = engine;
    this.#runtime = runtime;
    this.#work = work;
  }

  /** Resolves with the service's address; starts the node when the service asks for it, which it does on its standard error. */
  async serve(service: Started): Promise<string> {
    const { stderr } = service.child;
    if (stderr === null) throw new Error('the service has no standard error');
    const serving = endpointOf(service);
    createInterface({ input: stderr }).on('line', (line) => {
      if (line.startsWith('{') && this.#agent === undefined)
        void serving.then((endpoint) => this.#start(endpoint, JSON.parse(line) as WantedNode));
    });
    return await serving;
  }

  /** Resolves once its agent has gone, with the time of it in milliseconds since 1970. */
  get gone(): Promise<number> {
    return this.#gone.promise;
  }

  async stop(): Promise<void> {
    if (this.#agent !== undefined) await stop(this.#agent);
    const container = await this.#container;
    if (container !== undefined)
      await this.#engine.call('DELETE', `/containers/${container}`, { query: { force: true } });
  }

  #start(endpoint: string, { header, agentInfo, metadata }: WantedNode): void {
    const { folder, imageUri, commands } = this.#work;
    const channel = join(folder, 'channel');
    mkdirSync(channel);
    const { request } = readContainer({ imageUri, commands: [...commands] }, []);
    const config = {
      ...metadata,
      ...agentInfo,
      endpoint,
      parent: 'projects/bench/locations/local',
      token: header.replace('Authorization: Bearer ', ''),
      workDir: folder,
      logDir: join(folder, 'log'),
      runDir: join(folder, 'run'),
      siblings: { channels: { [siblingKey(request)]: channel }, volumes: [] },
    };
    this.#container = startContainer(this.#engine, { runtime: this.#runtime, channel, image: imageUri });
    this.#agent = start(process.execPath, [join(projectFolder, 'dist/agent.mjs')], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    void this.#agent.gone.then(() => this.#gone.resolve(wallClockMs()));
    this.#agent.child.stdin?.end(`${JSON.stringify(config)}\n`);
  }
}
