import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutputPipes } from '../output/output-pipe.ts';
import { GroupFile } from './group-file.ts';
import { ScriptFiles } from './script-file.ts';
import { findSetpriv, nonRootFolder, openScriptUser, type ScriptUser } from './script-user.ts';
import { ShellPool } from './shell-pool.ts';

const isRoot = process.getuid?.() === 0 && findSetpriv() !== undefined;
const instance = `test-${process.pid}`;
let runDir: string;
let user: ScriptUser;

beforeEach(() => {
  runDir = mkdtempSync(join(tmpdir(), 'sluice-user-'));
});
afterEach(() => {
  user.close();
  rmSync(runDir, { recursive: true, force: true });
});

/** What scripts of a node write. */
async function outputOf(texts: readonly string[], runAsNonRoot: boolean): Promise<string[]> {
  user = openScriptUser({ runDir, instance, runAsNonRoot }, process.env);
  const { words, environment, folder, owner } = user;
  const pipes = new OutputPipes(folder, { owner });
  const groups = new GroupFile(join(runDir, 'groups'));
  const pool = new ShellPool({ words, environment, workDir: tmpdir() }, pipes, groups);
  const scripts = new ScriptFiles(folder, tmpdir(), owner !== undefined);
  let written = '';
  for (const text of texts) {
    await new Promise<void>((resolve) => {
      const take = (bytes: Buffer) => {
        written += bytes.toString();
      };
      const command = scripts.commandForText(text);
      pool.run({ exports: '', command, stdout: take, stderr: take, onExit: () => resolve() });
    });
  }
  pool.killAll();
  pipes.close();
  return written.trim().split('\n');
}

describe('the user of scripts', () => {
  it("is the agent's own, unless the group says that it is not to be root", async () => {
    const own = String(process.getuid?.());
    expect(await outputOf(['id -u', 'grep NoNewPrivs /proc/self/status'], false)).toEqual([
      own,
      'NoNewPrivs:\t0',
    ]);
    expect(existsSync(nonRootFolder(instance))).toBe(false);
  });

  it.skipIf(!isRoot)('is nobody in particular, with a home and a script file of its own', async () => {
    const texts = [
      'echo $(id -u) $(id -g) $(id -G)',
      'echo kept > "$HOME/x"; cat "$HOME/x"; echo "[$USER$LOGNAME]"',
      '#!/bin/sh -e\necho "interpreted by $(basename "$0")"',
      'echo to stdout >/dev/stdout; echo to stderr >/dev/stderr',
      'grep NoNewPrivs /proc/self/status; grep CapEff /proc/self/status',
    ];
    expect(await outputOf(texts, true)).toEqual([
      ...['48484 48484 48484', 'kept', '[]', 'interpreted by script-2', 'to stdout', 'to stderr'],
      ...['NoNewPrivs:\t1', 'CapEff:\t0000000000000000'],
    ]);
    const { mode, uid, gid } = statSync(nonRootFolder(instance));
    expect({ mode: mode & 0o777, uid, gid }).toEqual({ mode: 0o750, uid: 0, gid: 48_484 });
    user.close();
    expect(existsSync(nonRootFolder(instance))).toBe(false);
  });

  it.skipIf(!isRoot)("cannot look into the agent's process and files, nor change scripts", async () => {
    writeFileSync(join(runDir, 'secret'), 'the token');
    const tries = [
      `cat /proc/${process.pid}/environ`,
      `ls /proc/${process.pid}/fd`,
      `cat ${runDir}/secret`,
      'echo evil > "$0"',
      `echo evil > ${nonRootFolder(instance)}/script-9`,
      `kill -9 ${process.pid}`,
    ];
    const lines = await outputOf(tries, true);
    expect(lines.filter((line) => /denied|not permitted/.test(line))).toHaveLength(tries.length);
  });

  it.skipIf(!isRoot)('gains nothing by a program that would make it root', async () => {
    const folder = mkdtempSync(join('/var/tmp', 'sluice-setuid-'));
    chmodSync(folder, 0o755);
    copyFileSync('/usr/bin/id', join(folder, 'id'));
    chmodSync(join(folder, 'id'), 0o4755);
    const lines = await outputOf([`${folder}/id -u`], true);
    rmSync(folder, { recursive: true });
    expect(lines).toEqual(['48484']);
  });

  it.skipIf(!isRoot)('is not made where somebody else has its folder', () => {
    mkdirSync(nonRootFolder(instance));
    expect(() => openScriptUser({ runDir, instance, runAsNonRoot: true }, {})).toThrow('EEXIST');
    rmSync(nonRootFolder(instance), { recursive: true });
  });
});
