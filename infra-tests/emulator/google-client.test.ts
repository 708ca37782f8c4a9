import { generateKeyPairSync } from 'node:crypto';
import { v1 } from '@google-cloud/batch';
import { OAuth2Client } from 'google-auth-library';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { describeDeployed } from './describe-deployed.ts';
import { hostOfApi } from './host-of-api.ts';
import { eventually, PATIENCE } from './nodes-of-job.ts';
import { tokenOf } from './token-issuer.ts';

/** The error of google.rpc that the client shows, as the gateway or a function has written it. */
const status = (name: string) => new RegExp(`"status": ?"${name}"`);

describeDeployed("Google's client with a bearer token", ({ api, target, outputs, issuer }) => {
  if (issuer === undefined) {
    it.skip('is not tried: functions of an emulator that was there before trust no issuer of this machine');
    return;
  }
  const [apiId = ''] = new URL(outputs.TokenEndpoint ?? 'https://none').hostname.split('.');
  const { parent } = api;
  let host: Awaited<ReturnType<typeof hostOfApi>>;
  beforeAll(async () => {
    host = await hostOfApi(target.endpoint, apiId);
  });
  afterAll(() => host.stop());

  /** As docs/access.md has it, but for TLS. */
  function clientWith(token: string) {
    const authClient = new OAuth2Client();
    authClient.setCredentials({ access_token: token });
    const { hostname: apiEndpoint, port } = host;
    const client = new v1.BatchServiceClient({
      fallback: true,
      protocol: 'http',
      apiEndpoint,
      port,
      authClient,
    });
    onTestFinished(() => client.close());
    return client;
  }
  const job = {
    taskGroups: [{ taskCount: 2, taskSpec: { runnables: [{ script: { text: 'echo hello' } }] } }],
  };

  const withClaims = (claims: object) => clientWith(tokenOf(issuer, claims));

  it(
    'creates a job, waits for it, reads its tasks and deletes it, with a scope that may',
    async () => {
      const client = withClaims({ scope: 'openid sluice.write' });
      const [created] = await client.createJob({ parent, jobId: 'by-token', job });
      const name = `${parent}/jobs/by-token`;
      expect(created.name).toBe(name);
      const ended = await eventually('the job ends', async () => {
        const [now] = await client.getJob({ name });
        return now.status?.state === 'SUCCEEDED' && now;
      });
      expect(ended.status?.taskGroups?.group0?.counts).toEqual({ SUCCEEDED: '2' });
      const [tasks] = await client.listTasks({ parent: `${name}/taskGroups/group0` });
      expect(tasks.map((task) => task.status?.state)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
      const [jobs] = await client.listJobs({ parent });
      expect(jobs.map((one) => one.name)).toContain(name);
      const [operation] = await client.deleteJob({ name });
      await operation.promise();
      await expect(client.getJob({ name })).rejects.toThrow(status('NOT_FOUND'));
    },
    PATIENCE * 1000,
  );

  it('gets and lists, and is refused to create, with a scope that may read', async () => {
    const client = withClaims({ scope: 'sluice.read' });
    expect(await client.listJobs({ parent })).toBeDefined();
    await expect(client.createJob({ parent, jobId: 'by-reader-token', job })).rejects.toThrow(
      status('PERMISSION_DENIED'),
    );
  });

  it('is known and may do nothing with a scope that no rule names', async () => {
    await expect(withClaims({ scope: 'openid' }).listJobs({ parent })).rejects.toThrow(
      status('PERMISSION_DENIED'),
    );
  });

  it.each([
    ['is over', () => tokenOf(issuer, { scope: 'sluice.write', exp: 1_000_000 })],
    ['is meant for somebody else', () => tokenOf(issuer, { scope: 'sluice.write', aud: 'elsewhere' })],
    [
      'is signed by another key',
      () => {
        const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        return tokenOf({ ...issuer, key: privateKey.export({ format: 'jwk' }) }, { scope: 'sluice.write' });
      },
    ],
    ['is none', () => 'no-token'],
  ])('is nobody with a token that %s', async (_, token) => {
    await expect(clientWith(token()).listJobs({ parent })).rejects.toThrow(status('UNAUTHENTICATED'));
  });
});
