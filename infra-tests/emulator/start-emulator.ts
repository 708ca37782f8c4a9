import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { fetchEmulator } from './fetch-emulator.ts';

const START_MS = 60_000;
const ROOT = join(import.meta.dirname, '../..');
/** What the newest emulator wrote, for whoever wants to know why a test failed. */
const LOG_FILE = join(ROOT, '.cache/emulator/last.log');

export interface Emulator {
  /** Its address for this machine's programs. */
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * Ends the emulator when its own input ends, so that neither it nor a container, volume or network that it made outlives the
 * program that started it, however that one ends. Arguments: the port, its folder, the command.
 */
const KEEPER = `
port=$1; folder=$2; shift 2
"$@" </dev/null & emulator=$!
cat >/dev/null
kill "$emulator"; wait "$emulator"
docker ps -aq --filter "label=ministack.instance=$(hostname):$port" | xargs -r docker rm -f -v
docker volume ls -q --filter "name=sluice-emulator-$port-" | xargs -r docker volume rm -f
docker network ls -q --filter "name=sluice-emulator-$port-" | xargs -r docker network rm
rm -rf "$folder"
`;

export interface EmulatorOptions {
  /** Where it writes down what AWS would charge for. */
  readonly meterFile?: string | undefined;
  /** The file of a certificate that functions trust beside those that all do. */
  readonly trusted?: string | undefined;
}

/** Starts the emulator at a port of its own, with policies enforced. */
export async function startEmulator({ meterFile, trusted }: EmulatorOptions = {}): Promise<Emulator> {
  const python = await fetchEmulator();
  const port = await freePort();
  // Not inside of the project, whose package.json would say of functions that they are ES modules.
  const folder = mkdtempSync(join(tmpdir(), 'sluice-emulator-'));
  const log = createWriteStream(LOG_FILE);
  await once(log, 'open');
  const start = [python, join(import.meta.dirname, 'patches/start.py')];
  const child = spawn('sh', ['-c', KEEPER, 'sh', String(port), folder, ...start], {
    stdio: ['pipe', log, log],
    // A group of its own: an interrupt from the keyboard ends the tests, and their end ends it.
    detached: true,
    env: {
      // Functions run in the first Node.js on the path: the one that the project pins.
      PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`,
      ...(process.env.DOCKER_HOST ? { DOCKER_HOST: process.env.DOCKER_HOST } : {}),
      ...(meterFile === undefined ? {} : { METER_FILE: meterFile }),
      ...(trusted === undefined ? {} : { NODE_EXTRA_CA_CERTS: trusted }),
      GATEWAY_PORT: String(port),
      AUTH: 'true',
      HOME: folder,
      TMPDIR: folder,
      STATE_DIR: join(folder, 'state'),
      S3_DATA_DIR: join(folder, 's3'),
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      ...ROOT_CREDENTIALS,
    },
  });
  const gone = once(child, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  async function stop(): Promise<void> {
    child.stdin.end();
    await gone;
  }
  if (!(await answers(endpoint, () => child.exitCode === null))) {
    await stop();
    throw new Error(
      `the emulator did not start: ${readFileSync(LOG_FILE, 'utf8').trim().split('\n').at(-1)}`,
    );
  }
  return { endpoint, stop };
}

/** Whom the emulator takes for the account's root. */
export const ROOT_CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

async function answers(endpoint: string, isAlive: () => boolean): Promise<boolean> {
  for (const end = Date.now() + START_MS; Date.now() < end && isAlive(); await pause(100)) {
    const answer = await fetch(`${endpoint}/_localstack/health`).catch(() => undefined);
    if (answer?.ok) return true;
  }
  return false;
}
