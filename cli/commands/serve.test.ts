import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../run-cli.ts';
import { FakeHost } from '../testing/fake-host.ts';
import { FakeLocalParts } from '../testing/fake-local-parts.ts';

/** Serves until the address is printed, and then presses Ctrl-C. */
async function serve(...args: string[]) {
  const host = new FakeHost();
  host.directory = '/work';
  const write = host.out.write.bind(host.out);
  host.out.write = (text) => {
    write(text);
    setImmediate(() => host.interrupt());
  };
  const parts = new FakeLocalParts(() => undefined);
  const code = await runCli(['serve', ...args], host, parts);
  return { code, out: host.out.text, parts };
}

describe('sluice serve', () => {
  it('says its address, and leaves the nodes running at Ctrl-C', async () => {
    const { code, out, parts } = await serve();
    expect(code).toBe(0);
    expect(out).toMatch(
      /^Sluice serves http:\/\/127\.0\.0\.1:\d+ with its records in \.sluice; Ctrl-C ends it\.\n$/,
    );
    expect(parts.startedWith).toMatchObject({
      port: 8080,
      agents: 'local',
      dataDir: join('/work', '.sluice'),
      workDir: '/work',
    });
    expect(parts.closedWith).toEqual({ stopNodes: false });
  });

  it('stops them with --stop-nodes', async () => {
    const { parts } = await serve('--stop-nodes');
    expect(parts.closedWith).toEqual({ stopNodes: true });
  });

  it('gives the service its options', async () => {
    const args = [
      '--port',
      '0',
      '--agents',
      'none',
      '--webhook',
      'http://localhost/a',
      'http://localhost/b',
      '--max-nodes',
      '2',
      '--max-vcpus',
      '6',
      '--max-jobs',
      '5',
      '--project-limits',
      'p1=nodes:4/vcpus:8,*=jobs:2',
      '--data',
      '/data',
      '--secrets',
      's.json',
    ];
    const { out, parts } = await serve(...args);
    expect(out).toContain('records in /data;');
    expect(parts.startedWith).toMatchObject({
      port: 0,
      agents: 'none',
      maxNodes: 2,
      maxVcpus: 6,
      maxJobs: 5,
      projectLimits: { p1: { nodes: 4, cpuMilli: 8_000 }, '*': { jobs: 2 } },
      dataDir: '/data',
      secretsFile: '/work/s.json',
      webhooks: ['http://localhost/a', 'http://localhost/b'],
    });
  });
});
