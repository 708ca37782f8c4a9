import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFunctions, functionNames } from '../../cdk/build/bundle-functions.ts';
import { environments } from '../../functions/lambda/environment.ts';

const bundles = mkdtempSync(join(tmpdir(), 'sluice-bundles-'));
const metafile = bundleFunctions(bundles);
afterAll(() => rmSync(bundles, { recursive: true, force: true }));

/** Variables that are no plain text. */
const values: Readonly<Record<string, string>> = {
  MAX_NODES: '1',
  MAX_VCPU: '1',
  RETENTION_DAYS: '1',
  NODE_ARCHITECTURE: 'ARM64',
  NODE_REGION: '{"region":"us-east-1","aliases":{},"subnets":[],"securityGroups":[]}',
  SERVICE_ACCOUNTS: '{}',
  REGISTRY_MIRRORS: '{}',
  SECRETS: JSON.stringify({ secretName: 's/{secret}', keyAlias: 'alias/s/{key}', secretArns: [] }),
  JWT_KEYS_URL: 'https://x',
  LIMITS: JSON.stringify({ deployment: { nodes: 1 }, projects: {} }),
};

/** Kilobytes of a bundle, and of the same compressed, which is what a cold start fetches. */
const LARGEST = { plain: 1_100, packed: 340 };

describe('bundles', () => {
  it.each(functionNames)('%s is small, and loads with its environment and nothing else', (name) => {
    const file = join(bundles, name, 'index.mjs');
    expect(statSync(file).size / 1024).toBeLessThan(LARGEST.plain);
    expect(gzipSync(readFileSync(file)).length / 1024).toBeLessThan(LARGEST.packed);
    const variables = Object.keys(environments[name].shape).map((key) => [key, values[key] ?? 'x=x']);
    const env = { ...Object.fromEntries(variables), AWS_REGION: 'us-east-1' };
    const script = `const { handler } = await import(${JSON.stringify(file)}); process.stdout.write(typeof handler)`;
    const load = (given: object) =>
      spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { ...given },
        encoding: 'utf8',
      });
    const loaded = load(env);
    expect(loaded.stderr).toBe('');
    expect(loaded.stdout).toBe('function');
    expect(load({ AWS_REGION: 'us-east-1' }).stderr).toContain(`the function ${name} is not configured`);
  });

  it('hold nothing of the embedded service', () => {
    const inputs = Object.keys(metafile.inputs);
    expect(inputs.filter((path) => /^(local|cli|bench|agent)\/|testing\//.test(path))).toEqual([]);
    expect(inputs.length).toBeGreaterThan(100);
  });

  it('have the agent beside claim-node, and the programs of nodes beside plan-job', () => {
    expect(readdirSync(join(bundles, 'plan-job')).sort()).toEqual([
      'bootstrap.mjs',
      'copy-runtime.mjs',
      'index.mjs',
      'wrapper.mjs',
    ]);
    expect(readdirSync(join(bundles, 'claim-node')).sort()).toEqual(['agent.mjs', 'index.mjs']);
  });
});
