import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { firstReadMs, forgetReads, msToFirstRead } from './first-read.ts';

let folder: string;
let script: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-first-read-'));
  script = join(folder, 'task.sh');
  writeFileSync(script, ':\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a script that nobody has read has no first read', () => {
  forgetReads(script);
  expect(firstReadMs(script)).toBeUndefined();
  expect(msToFirstRead(script, Date.now())).toBeUndefined();
});

it('the first read is never counted as before the submission', () => {
  forgetReads(script);
  readFileSync(script);
  const at = firstReadMs(script);
  // A file system that is mounted with `noatime` tells nothing.
  if (at !== undefined) expect(msToFirstRead(script, at + 5)).toBe(0);
});
