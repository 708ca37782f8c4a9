import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleText } from '../../cdk/build/bundle-functions.ts';
import type { State } from '../../cdk/state-machine/asl.ts';
import { runFunctions } from '../../cdk/state-machine/resources.ts';
import { advanceJobs } from '../../functions/advance-jobs/advance-jobs.ts';
import { answerClaim } from '../../functions/claim-node/answer-claim.ts';
import { apiEvent, requestOf, responseOf } from '../../functions/lambda/api-event.ts';
import { payloads } from '../../functions/lambda/payloads.ts';
import { serviceClock as clock } from '../../functions/lambda/service-clock.ts';
import { answerReport } from '../../functions/state-report/answer-report.ts';
import { JobSpecs } from '../../functions/state-report/job-specs.ts';
import { answerStage, type StageNow } from '../../shared/aws/stage-wait.ts';
import type { NodeSecrets } from '../../shared/ports/node-secrets.ts';
import type { Store } from '../../shared/ports/store.ts';
import type { Workflow } from '../../shared/ports/workflow.ts';
import { noLogs as logs } from '../../shared/testing/no-logs.ts';
import { AslInterpreter } from './asl-interpreter.ts';
import { definition, resources } from './definition-under-test.ts';
import { CAPACITY, LIMITS, nodesUnderTest } from './nodes-under-test.ts';
import { callFunction } from './run-functions.ts';

/** What of a launch says what to start. */
interface Launch {
  readonly TaskDefinition: string;
  readonly Overrides: {
    readonly ContainerOverrides: {
      readonly Environment: { readonly Name: string; readonly Value: string }[];
    }[];
  };
}

/**
 * A deployment without AWS: the state machine's definition, interpreted; the functions' use cases over one store; and for
 * `ecs:runTask.sync` a process with a node's own command, which claims its seat and reports over HTTP, by events of the
 * gateway's form.
 */
export class DeploymentInProcess {
  readonly #store: Store;
  readonly #folder = mkdtempSync(join(tmpdir(), 'sluice-deployment-'));
  readonly #agent = bundleText('agent/main.ts');
  readonly #waiting = new Map<string, (now: StageNow) => void>();
  readonly #specs: JobSpecs;
  readonly #workflow: Workflow;
  #nodes: ReturnType<typeof nodesUnderTest> | undefined;
  readonly nodes: ChildProcess[] = [];
  readonly launches: object[] = [];
  readonly errors: unknown[] = [];
  /** What nodes are given of secrets. */
  secrets: NodeSecrets = {};
  readonly interpreter = new AslInterpreter((name, state, parameters, token) =>
    this.#task(name, state, parameters, token),
  );
  readonly runs = new Map<string, Promise<unknown>>();
  readonly #outputFile = join(this.#folder, 'output.log');
  #server: Server | undefined;
  #endpoint = '';
  #seq = 0;
  #pumping: NodeJS.Timeout | undefined;

  get #ports() {
    return {
      store: this.#store,
      clock,
      random: Math.random,
      logs,
      workflow: this.#workflow,
      answer: this.#answer,
      prepareNodes: this.#fargate.prepareNodes,
    };
  }

  get #fargate() {
    this.#nodes ??= nodesUnderTest({ store: this.#store, clock }, this.#endpoint);
    return this.#nodes;
  }

  /** What ECS knows of. */
  get ecs() {
    return this.#fargate.ecs;
  }

  constructor(store: Store) {
    this.#store = store;
    this.#specs = new JobSpecs(store);
    const answer = async (jobUid: string, groupId: string) =>
      answerStage({ store, clock, answer: this.#answer }, jobUid, groupId);
    this.#workflow = {
      start: async (jobUid) => {
        if (!this.runs.has(jobUid)) this.runs.set(jobUid, this.interpreter.run(definition, { jobUid }));
      },
      stageEnded: answer,
      groupReady: answer,
      groupEnded: answer,
    };
  }

  async start(): Promise<void> {
    this.#server = createServer((request, response) => {
      void this.#serve(request).then(({ statusCode, headers, body }) => {
        response.writeHead(statusCode, headers).end(body);
      });
    });
    await new Promise<void>((listening) => this.#server?.listen(0, '127.0.0.1', listening));
    this.#endpoint = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/prod/`;
    this.#pump();
  }

  stop(): void {
    clearTimeout(this.#pumping);
    for (const node of this.nodes) node.kill('SIGKILL');
    this.#server?.closeAllConnections();
    this.#server?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** What all nodes have written. */
  get output(): string {
    return readFileSync(this.#outputFile, 'utf8');
  }

  /** The change feed. */
  #pump(): void {
    const ports = {
      store: this.#store,
      clock,
      random: Math.random,
      workflow: this.#workflow,
      capacity: CAPACITY,
      limits: LIMITS,
    };
    this.#pumping = setTimeout(async () => {
      const changes = await this.#store.changes(this.#seq, 100);
      this.#seq = changes.at(-1)?.seq ?? this.#seq;
      const seen = changes.filter(({ pk }) => /^[JSW]#/.test(pk));
      await advanceJobs(ports, seen).catch((error) => this.errors.push(error));
      this.#pump();
    }, 5);
  }

  readonly #answer = async (token: string, now: StageNow): Promise<void> => {
    this.#waiting.get(token)?.(now);
  };

  async #task(name: string, state: State, parameters: never, token: string): Promise<unknown> {
    const { FunctionName: arn, Payload: payload } = parameters as Record<string, never>;
    if (String(state.Resource).includes('ecs:runTask')) return this.#runNode(parameters as Launch);
    const called = runFunctions.find((one) => resources.functionArns[one] === arn);
    if (called === undefined) throw new Error(`${name} calls ${String(arn)}`);
    const event = payloads[called].parse(payload);
    const answered = String(state.Resource).endsWith('waitForTaskToken')
      ? new Promise((resolve) => this.#waiting.set(token, resolve))
      : undefined;
    const result = await callFunction(called, event as never, this.#ports);
    return answered ?? { Payload: result ?? null };
  }

  /** What Fargate does: runs the command of the task definition with its environment, and fails when it ends other than with 0. */
  async #runNode(launch: Launch) {
    this.launches.push(launch);
    const container = this.ecs.registered.get(launch.TaskDefinition)?.containerDefinitions?.[0];
    if (container === undefined) throw new Error(`ECS knows no ${launch.TaskDefinition}`);
    const given = [
      ...(container.environment ?? []).map(({ name, value }) => [name, value]),
      ...(launch.Overrides.ContainerOverrides[0]?.Environment ?? []).map(({ Name, Value }) => [Name, Value]),
    ];
    const env = { PATH: process.env.PATH, ...Object.fromEntries(given) };
    // A container's output is no socket, which a pipe to a child of Node.js is, and which cannot be opened by a name.
    const output = openSync(this.#outputFile, 'a');
    const [, ...command] = container.command ?? [];
    const node = spawn(process.execPath, command, { env, stdio: ['ignore', output, output] });
    closeSync(output);
    this.nodes.push(node);
    const code = await new Promise<number | null>((gone) => node.on('exit', gone));
    if (code === 0) return {};
    const cause = JSON.stringify({
      StopCode: 'EssentialContainerExited',
      StoppedReason: `it ended with ${code}`,
    });
    throw Object.assign(new Error(cause), { name: 'States.TaskFailed' });
  }

  async #serve(request: IncomingMessage) {
    const body = Buffer.concat(await request.toArray());
    const event = apiEvent.parse({
      httpMethod: request.method,
      path: (request.url ?? '').replace(/^\/prod/, ''),
      multiValueHeaders: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, [value]]),
      ),
      body: body.toString('base64'),
      isBase64Encoded: true,
    });
    const ports = {
      store: this.#store,
      clock,
      random: Math.random,
      specs: this.#specs,
      logError: (error: unknown) => this.errors.push(error),
    };
    if (event.path.endsWith('/state:report')) return responseOf(await answerReport(ports, requestOf(event)));
    const folder = mkdtempSync(join(this.#folder, 'node-'));
    const folders = {
      workDir: join(folder, 'work'),
      logDir: join(folder, 'log'),
      runDir: join(folder, 'run'),
    };
    const secretsOf = async () => this.secrets;
    return responseOf(
      await answerClaim({ ...ports, secretsOf, agent: this.#agent, folders }, requestOf(event)),
    );
  }
}
