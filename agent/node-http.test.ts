import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('an agent loads no HTTP/2 and no TLS at its start', () => {
  const agent = JSON.stringify(join(import.meta.dirname, 'node-agent.ts'));
  const program = `await import(${agent}); process.stdout.write(JSON.stringify(process.moduleLoadList));`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  const loaded = (JSON.parse(said) as string[]).map((name) => name.replace('NativeModule ', ''));
  expect(loaded).toContain('http');
  expect(loaded.filter((name) => ['http2', 'tls', 'https'].includes(name))).toEqual([]);
});
