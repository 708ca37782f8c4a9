import { buildSync, type Metafile } from 'esbuild';
import { expect, it } from 'vitest';

/** All files that are read before a command's own code runs: what `from` imports, and what that imports. */
function* readAtStart(inputs: Metafile['inputs'], from: string, seen = new Set<string>()): Generator<string> {
  if (seen.has(from)) return;
  seen.add(from);
  yield from;
  for (const { path, kind, external } of inputs[from]?.imports ?? [])
    if (kind !== 'dynamic-import' && external !== true) yield* readAtStart(inputs, path, seen);
}

it('reads nothing of AWS or of the service at start, so that commands on one machine start fast', () => {
  const { metafile } = buildSync({
    entryPoints: ['cli/main.ts'],
    bundle: true,
    splitting: true,
    outdir: 'unwritten',
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
  const read = [...readAtStart(metafile.inputs, 'cli/run-cli.ts')];
  expect(read).toContain('cli/api/authorization.ts');
  expect(read.filter((file) => /@aws|@smithy|aws-signature|^local\/|^functions\//.test(file))).toEqual([]);
  expect(Object.keys(metafile.inputs)).toContain('cli/api/aws-signature.ts');
});
