import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleText, nodePrograms } from '../../cdk/build/bundle-functions.ts';

/** The runtime that siblings start from, made as a node's first container makes it. */
export function makeRuntime(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-runtime-'));
  const program = bundleText(nodePrograms['copy-runtime']);
  const wrapper = bundleText(nodePrograms.wrapper);
  execFileSync(process.execPath, ['--input-type=module', '-e', program, wrapper], {
    env: { ...process.env, SLUICE_RUNTIME: folder },
  });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
