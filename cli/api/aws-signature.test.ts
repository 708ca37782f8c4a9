import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCli } from '../run-cli.ts';
import { FakeHost } from '../testing/fake-host.ts';
import { FakeLocalParts } from '../testing/fake-local-parts.ts';
import { type KnownKey, SignedService } from '../testing/signed-service.ts';

const KEY = { id: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const folder = mkdtempSync(join(tmpdir(), 'sluice-aws-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});
afterEach(() => vi.unstubAllEnvs());

async function sluice(endpoint: string, args: readonly string[], now = Date.now()) {
  const host = new FakeHost();
  host.time = now;
  host.env = { SLUICE_ENDPOINT: endpoint, SLUICE_AUTH: 'aws', AWS_REGION: 'us-east-1' };
  const exitCode = await runCli(args, host, new FakeLocalParts(() => undefined));
  return { exitCode, out: host.out.text, err: host.err.text };
}

function useKey({ id, secret, session }: KnownKey): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', id);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secret);
  if (session !== undefined) vi.stubEnv('AWS_SESSION_TOKEN', session);
}

describe('signed calls', () => {
  it('are let in: a job with a body, a filter with signs of all kinds, a verb behind a colon', async () => {
    useKey(KEY);
    await using service = await SignedService.start(KEY, (method, path) =>
      method === 'GET' && path.includes('/jobs?')
        ? { jobs: [] }
        : {
            name: 'projects/local/locations/us-central1/jobs/my-job',
            uid: 'my-job-1',
            done: true,
            status: { state: 'CANCELLED' },
          },
    );
    const job = join(folder, 'job.json');
    writeFileSync(
      job,
      JSON.stringify({ taskGroups: [{ taskSpec: { runnables: [{ script: { text: 'echo grüß' } }] } }] }),
    );
    const runs = [
      await sluice(service.endpoint, ['jobs', 'submit', 'my-job', '--config', job]),
      await sluice(service.endpoint, [
        'jobs',
        'list',
        '--filter',
        "labels.a='b c' AND state=RUNNING OR x:(*~!)",
      ]),
      await sluice(service.endpoint, ['jobs', 'cancel', 'my-job']),
    ];
    expect(runs.map(({ exitCode, err }) => `${exitCode} ${err.trim()}`)).toEqual([
      '0 Job my-job-1 was successfully submitted.',
      '0 Listed 0 items.',
      '0 Job my-job was cancelled.',
    ]);
    expect(service.passed.map(({ method, url }) => `${method} ${url.split('?')[0]}`)).toEqual(
      expect.arrayContaining([
        'POST /prod/v1/projects/local/locations/us-central1/jobs',
        'GET /prod/v1/projects/local/locations/us-central1/jobs',
        'POST /prod/v1/projects/local/locations/us-central1/jobs/my-job%3Acancel',
      ]),
    );
  });

  it('take the credentials of a profile', async () => {
    writeFileSync(
      join(folder, 'credentials'),
      `[lab]\naws_access_key_id = ${KEY.id}\naws_secret_access_key = ${KEY.secret}\n`,
    );
    vi.stubEnv('AWS_PROFILE', 'lab');
    await using service = await SignedService.start(KEY);
    expect(await sluice(service.endpoint, ['jobs', 'list'])).toMatchObject({
      exitCode: 0,
      err: 'Listed 0 items.\n',
    });
  });

  it('take those of a container, with their session', async () => {
    const session = 'a/session+token==';
    const answer = { AccessKeyId: KEY.id, SecretAccessKey: KEY.secret, Token: session };
    const container = createServer((_, response) =>
      response.end(JSON.stringify({ ...answer, Expiration: new Date(Date.now() + 3_600_000).toISOString() })),
    );
    await new Promise<void>((resolve) => container.listen(0, '127.0.0.1', resolve));
    const { port } = container.address() as AddressInfo;
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `http://127.0.0.1:${port}/credentials`);
    await using service = await SignedService.start({ ...KEY, session });
    expect(await sluice(service.endpoint, ['jobs', 'list'])).toMatchObject({
      exitCode: 0,
      err: 'Listed 0 items.\n',
    });
    container.closeAllConnections();
    container.close();
  });
});

describe('what goes wrong', () => {
  it('without credentials is said with what to do', async () => {
    await using service = await SignedService.start(KEY);
    const { exitCode, err } = await sluice(service.endpoint, ['jobs', 'list']);
    expect(exitCode).toBe(2);
    expect(err).toMatch(
      /^sluice: there are no AWS credentials to sign with \(.+\); set AWS_ACCESS_KEY_ID and/,
    );
    expect(service.passed).toEqual([]);
  });

  it('with a wrong secret is what the gateway says, as an error of the API', async () => {
    useKey({ ...KEY, secret: 'another' });
    await using service = await SignedService.start(KEY);
    const { exitCode, err } = await sluice(service.endpoint, ['jobs', 'list']);
    expect(exitCode).toBe(2);
    expect(err).toContain('sluice: UNAUTHENTICATED: The request signature we calculated does not match');
    expect(err).toContain('wants AWS credentials (--aws, or SLUICE_AUTH=aws) or a token');
  });

  it('with a clock that is wrong names the clock', async () => {
    useKey({ ...KEY, secret: 'another' });
    await using service = await SignedService.start(KEY, undefined, new Date('2026-11-22T15:00:00Z'));
    const { err } = await sluice(service.endpoint, ['jobs', 'list'], Date.parse('2026-11-22T14:48:00Z'));
    expect(err).toContain("The clock of this machine is 12 minutes behind the service's");
  });

  it('without a signature at all is told how to be known', async () => {
    await using service = await SignedService.start(KEY);
    const host = new FakeHost();
    host.env = { SLUICE_ENDPOINT: service.endpoint };
    expect(await runCli(['jobs', 'list'], host, new FakeLocalParts(() => undefined))).toBe(2);
    expect(host.err.text).toContain('UNAUTHENTICATED: Missing Authentication Token');
  });
});
