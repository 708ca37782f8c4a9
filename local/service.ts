import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { JobsApiDeps, Room } from '../functions/jobs-api/api-ports.ts';
import { handleRequest } from '../functions/jobs-api/routes.ts';
import type { Limits } from '../shared/core/admission/amounts.ts';
import type { NodeLauncher } from '../shared/ports/node-launcher.ts';
import type { Change } from '../shared/ports/store.ts';
import { capabilityNotes, checkCapabilities } from './capabilities.ts';
import { systemClock } from './clock.ts';
import { serveEvents } from './events/serve-events.ts';
import { wireEvents } from './events/wire-events.ts';
import { HeldAnswers } from './http/held-answers.ts';
import { openHttpServer } from './http/http-server.ts';
import { LocalLogReader } from './logs/local-log-reader.ts';
import { InstructingLauncher } from './nodes/instructing-launcher.ts';
import { LocalLauncher } from './nodes/local-launcher.ts';
import { Orchestration } from './orchestration.ts';
import { reportAnswerer } from './report-answers.ts';
import { openSqliteStore } from './store/sqlite-store.ts';
import { watchedStore } from './watched-store.ts';

export interface ServiceOptions {
  /** 0 for any free port. */
  readonly port: number;
  readonly dataDir: string;
  /** 'none' starts no agents and prints what one needs. */
  readonly agents: 'local' | 'none';
  /** Nodes at once, of all jobs together. Default: the cores of this machine, at least 4. */
  readonly maxNodes?: number;
  /** vCPUs that all running jobs may take together. Default: the cores of this machine. */
  readonly maxVcpus?: number;
  /** Jobs that run at once. Default: as many as there are cores for. */
  readonly maxJobs?: number;
  /** What the jobs of one project may take at once; `*` stands for each one that is not named. */
  readonly projectLimits?: Readonly<Record<string, Limits>>;
  /** Default: `secrets.json` in the data folder. */
  readonly secretsFile?: string;
  /** Where runnables run. */
  readonly workDir: string;
  /** A node that does not report for so long is lost. Default 30,000. */
  readonly nodeSilenceMs?: number;
  /** Addresses that every event is sent to. */
  readonly webhooks?: readonly string[];
  /** What messages to webhooks are signed with. */
  readonly webhookSecret?: Buffer;
  /** Pages of this origin may follow events. */
  readonly allowOrigin?: string;
  readonly log: (line: string) => void;
}

export interface Service {
  readonly endpoint: string;
  /** Stops serving. Agents go on, and are picked up by the next start, unless `stopNodes`. */
  close(options?: { readonly stopNodes: boolean }): Promise<void>;
}

const SWEEP_MS = 60_000;
const LOCATIONS = ['us-central1'];

/**
 * The whole service in this process: API, orchestration and nodes over one SQLite file. What an earlier life of it left
 * under way goes on. Throws when another process uses the data folder or the port is taken.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const sqlite = openSqliteStore(join(options.dataDir, 'sluice.sqlite'));
  const held = new HeldAnswers();
  const store = watchedStore(sqlite, () => orchestration.wake());
  const logs = new LocalLogReader(join(options.dataDir, 'logs'));
  const secretsFile = options.secretsFile ?? join(options.dataDir, 'secrets.json');
  const { launcher, capacity, limits } = nodesOf(options, logs, secretsFile, () => endpoint);
  const ports = { store, clock: systemClock, random: Math.random, logs };
  const silence = options.nodeSilenceMs === undefined ? {} : { nodeSilenceMs: options.nodeSilenceMs };
  const { dataDir, webhooks, webhookSecret } = options;
  const events = wireEvents({
    ...ports,
    dataDir,
    log: options.log,
    ...(webhooks === undefined ? {} : { webhooks }),
    ...(webhookSecret === undefined ? {} : { webhookSecret }),
  });
  const orchestration = new Orchestration(
    { ...ports, ...silence, launcher, capacity, limits, log: options.log },
    (changes) => events.consume(changes),
    (changes) => releaseHeld(held, changes),
  );

  const api: JobsApiDeps = {
    ...ports,
    capacity,
    limits,
    locations: LOCATIONS,
    checkCapabilities: (job) => checkCapabilities(job, secretsFile),
    capabilityNotes,
    reportState: reportAnswerer(ports, held),
    logError: (error, request) => options.log(`${request.method} ${request.path}: ${describe(error)}`),
  };
  let endpoint = '';
  const followed = { store, events, logError: api.logError, allowOrigin: options.allowOrigin };
  const { server, endpoint: opened } = await openHttpServer(
    options.port,
    (request) => handleRequest(api, request),
    (request, response) => serveEvents(followed, request, response),
  ).catch(async (error: unknown) => {
    if (launcher instanceof LocalLauncher) await launcher.close();
    await events.close();
    sqlite.close();
    throw error;
  });
  endpoint = opened;
  writeFileSync(join(options.dataDir, 'endpoint'), endpoint);
  await orchestration.resume();
  const sweepNodes = () => launcher instanceof LocalLauncher && launcher.sweep();
  sweepNodes();
  const sweep = setInterval(() => {
    void sweepAll(orchestration, options.log);
    sweepNodes();
  }, SWEEP_MS);

  return {
    endpoint,
    async close({ stopNodes } = { stopNodes: false }) {
      clearInterval(sweep);
      await orchestration.stop();
      held.releaseAll();
      await events.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      if (launcher instanceof LocalLauncher) {
        if (stopNodes) await launcher.killAll();
        await launcher.close();
      }
      sqlite.close();
    },
  };
}

function nodesOf(
  options: ServiceOptions,
  logs: LocalLogReader,
  secretsFile: string,
  endpoint: () => string,
): { launcher: NodeLauncher } & Room {
  const cores = availableParallelism();
  const capacity = { nodeCores: cores, sharedCores: cores, maxNodes: options.maxNodes ?? Math.max(4, cores) };
  const { maxJobs, maxNodes, maxVcpus = cores, projectLimits = {} } = options;
  const deployment = {
    cpuMilli: maxVcpus * 1000,
    ...(maxJobs === undefined ? {} : { jobs: maxJobs }),
    ...(maxNodes === undefined ? {} : { nodes: maxNodes }),
  };
  const room = { capacity, limits: { deployment, projects: projectLimits } };
  if (options.agents === 'none') return { launcher: new InstructingLauncher(endpoint, options.log), ...room };
  const launcher = new LocalLauncher({
    dataDir: options.dataDir,
    workDir: options.workDir,
    endpoint,
    endpointFile: join(options.dataDir, 'endpoint'),
    logDirOf: (jobUid) => logs.folderOf(jobUid),
    secretsFile,
    log: options.log,
  });
  return { launcher, ...room };
}

/** Agents that wait for something to do are answered when their job or group has changed. */
function releaseHeld(held: HeldAnswers, changes: readonly Change[]): void {
  for (const change of changes) {
    if (change.pk.startsWith('J#')) held.release(change.pk.slice('J#'.length));
  }
}

async function sweepAll(orchestration: Orchestration, log: (line: string) => void): Promise<void> {
  try {
    await orchestration.sweep();
  } catch (error) {
    log(`the sweep failed and will be repeated: ${describe(error)}`);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
