import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { environments, type FunctionName } from '../../functions/lambda/environment.ts';

export const functionNames = Object.keys(environments) as FunctionName[];

const root = join(import.meta.dirname, '../..');

/** Where the bundles of functions lie when nothing else is said. */
export const BUNDLES = join(root, 'dist/functions');

const forNode: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  legalComments: 'none',
  logLevel: 'warning',
};

/** Some of what is bundled is CommonJS inside: gives its require() a home in an ES module. */
const requireBanner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * Bundles every function into a folder of its own, as `index.mjs`, with all that it needs, the SDK included: what runs in production is
 * what was tested. `claim-node` has the agent's bundle beside its own, `plan-job` the programs
 * that fetch it and that run containers beside it.
 */
export function bundleFunctions(folder: string = BUNDLES): Metafile {
  const entryPoints = Object.fromEntries(
    functionNames.map((name) => [`${name}/index`, `functions/${name}/handler.ts`]),
  );
  const { metafile } = buildSync({
    ...forNode,
    entryPoints,
    outdir: resolve(folder),
    outExtension: { '.js': '.mjs' },
    banner: { js: requireBanner },
    alias: { '@aws-sdk/credential-provider-node': join(root, 'cdk/build/function-credentials.ts') },
    metafile: true,
  });
  mkdirSync(join(folder, 'claim-node'), { recursive: true });
  writeFileSync(join(folder, 'claim-node', 'agent.mjs'), bundleText('agent/main.ts'));
  for (const [name, entryPoint] of Object.entries(nodePrograms))
    writeFileSync(join(folder, 'plan-job', `${name}.mjs`), bundleText(entryPoint));
  return metafile;
}

/** What the containers of nodes run: their texts are part of task definitions. */
export const nodePrograms = {
  bootstrap: 'cdk/node/bootstrap.ts',
  'copy-runtime': 'agent/sibling/copy-runtime.ts',
  wrapper: 'agent/sibling/wrapper.ts',
} as const;

/** One program as one minified text; without `${…}`, for templates of stacks have a meaning for it. */
export function bundleText(entryPoint: string): string {
  const { outputFiles } = buildSync({
    ...forNode,
    entryPoints: [entryPoint],
    supported: { 'template-literal': false },
    write: false,
  });
  return outputFiles?.[0]?.text ?? '';
}
