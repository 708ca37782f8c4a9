/**
 * The command of a node's container, on a stock Node.js image, or on any image with the runtime that containers share:
 * exchanges the claim in its environment for the agent and
 * its configuration, starts the agent and ends as it ends. The claim is good for one use, and what comes for it is given
 * to the agent on its standard input: the programs that the agent runs can read neither.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Claimed {
  readonly config: {
    readonly instance: string;
    readonly workDir: string;
    readonly logDir: string;
    readonly runAsNonRoot?: boolean;
  };
  readonly agent: string;
}

const ANSWER_MS = 15_000;
const TRIES = 8;

const {
  SLUICE_ENDPOINT: endpoint = '',
  SLUICE_CLAIM: claim = '',
  SLUICE_NODE: runtime = '[]',
  SLUICE_SIBLINGS: siblings,
  ECS_CONTAINER_METADATA_URI_V4: metadata,
} = process.env;

const { config, agent } = await claimed(await self());
mkdirSync(config.workDir, { recursive: true });
mkdirSync(config.logDir, { recursive: true, mode: 0o700 });
// The working folder of scripts, whoever they run as.
if (config.runAsNonRoot) chmodSync(config.workDir, 0o1777);
// The agent appends what its tasks write to this file; here it is the container's output, which goes to the log store.
symlinkSync('/dev/stdout', join(config.logDir, `${config.instance}.jsonl`));
const file = join(config.logDir, 'agent.mjs');
writeFileSync(file, agent);
const { SLUICE_CLAIM: _, SLUICE_SIBLINGS: __, ...environment } = process.env;
// In an image without Node.js it takes more than one word to start it, and `process.execPath` is the loader.
const [node = process.execPath, ...before] = JSON.parse(runtime) as string[];
const child = spawn(node, [...before, '--max-semi-space-size=4', file], {
  stdio: ['pipe', 'inherit', 'inherit'],
  env: environment,
});
const beside = siblings === undefined ? {} : { siblings: JSON.parse(siblings) as unknown };
child.stdin.end(`${JSON.stringify({ ...config, ...beside, endpoint })}\n`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => child.kill(signal));
child.on('error', (error) => fail(error.message));
child.on('exit', (code) => process.exit(code ?? 1));

/** What ECS says of this task; nothing where there is no ECS. */
async function self(): Promise<object> {
  if (metadata === undefined) return {};
  try {
    const container = (await getJson(metadata)) as { LogOptions?: Record<string, string> };
    const task = (await getJson(`${metadata}/task`)) as { TaskARN?: string; AvailabilityZone?: string };
    const logStream = container.LogOptions?.['awslogs-stream'];
    return { taskArn: task.TaskARN, logStream, zone: task.AvailabilityZone };
  } catch (error) {
    say(`ECS does not say which task this is: ${(error as Error).message}`);
    return {};
  }
}

async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
  return response.json();
}

/** Tries again while the service cannot be reached or is busy; a refusal is final. */
async function claimed(body: object): Promise<Claimed> {
  for (let tries = 1; ; tries += 1) {
    const answer = await post(body).catch((error: Error) => error);
    if (!(answer instanceof Error)) {
      if (answer.ok) return (await answer.json()) as Claimed;
      if (answer.status < 409) return fail(`the claim was refused: ${await answer.text()}`);
    }
    if (tries === TRIES) return fail(`the service does not answer: ${String(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 500 * 2 ** tries));
  }
}

function post(body: object): Promise<Response> {
  return fetch(`${endpoint.replace(/\/+$/, '')}/v1/nodes:claim`, {
    method: 'POST',
    headers: { authorization: `Bearer ${claim}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
}

function say(text: string): void {
  process.stderr.write(`sluice-node: ${text}\n`);
}

function fail(text: string): never {
  say(text);
  process.exit(1);
}
