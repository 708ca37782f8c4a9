import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keptProcess } from './kept-process.ts';

const WAIT = { timeout: 10_000, interval: 20 };
let outer: string;
let folder: string;
let command: string[];
beforeEach(() => {
  outer = mkdtempSync(join(tmpdir(), 'sluice-kept-'));
  folder = join(outer, 'state');
  mkdirSync(folder);
  command = ['sh', '-c', 'echo $$ >"$0.new" && mv "$0.new" "$0"; exec sleep 600', join(outer, 'pid')];
});
afterEach(() => {
  const pid = Number(existsSync(join(outer, 'pid')) && readFileSync(join(outer, 'pid'), 'utf8'));
  if (pid > 0 && isAlive(pid)) process.kill(pid, 'SIGKILL');
  rmSync(outer, { recursive: true, force: true });
});

function started(): Promise<number> {
  return vi.waitFor(() => Number(readFileSync(join(outer, 'pid'), 'utf8')), WAIT);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a program for tests', () => {
  it('ends when it is told to, and its folder with it', async () => {
    const kept = keptProcess(command, { folder });
    const pid = await started();
    expect(isAlive(pid)).toBe(true);
    await kept.stop();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });

  it('has its complaints told', async () => {
    const kept = keptProcess(['sh', '-c', 'echo "no $WORD" >&2'], { env: { WORD: 'luck' } });
    await vi.waitFor(() => expect(kept.complaints()).toBe('no luck'), WAIT);
    await kept.stop();
  });

  // An interrupt from the keyboard goes to all of the group.
  it.each([
    ['killed', (pid: number) => process.kill(pid, 'SIGKILL')],
    ['interrupted', (pid: number) => process.kill(-pid, 'SIGINT')],
  ])('does not outlive tests that are %s', async (_, end) => {
    const piece = JSON.stringify(join(import.meta.dirname, 'kept-process.ts'));
    const program = `import { keptProcess } from ${piece};
      keptProcess(${JSON.stringify(command)}, ${JSON.stringify({ folder })});`;
    const options = { stdio: 'ignore', detached: true } as const;
    const tests = spawn(process.execPath, ['--input-type=module', '-e', program], options);
    const gone = once(tests, 'exit');
    const pid = await started();
    end(tests.pid ?? 0);
    await gone;
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), WAIT);
    await vi.waitFor(() => expect(existsSync(folder)).toBe(false), WAIT);
  });
});
