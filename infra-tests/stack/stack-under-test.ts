import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Metafile } from 'esbuild';
import { afterAll } from 'vitest';
import { bundleFunctions } from '../../cdk/build/bundle-functions.ts';
import { settingsInContext } from '../../cdk/settings.ts';
import { SluiceStack } from '../../cdk/sluice-stack.ts';

export interface CfnResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

let made: { readonly bundles: string; readonly metafile: Metafile } | undefined;

afterAll(() => {
  if (made !== undefined) rmSync(made.bundles, { recursive: true, force: true });
});

/** The functions, bundled once into a folder of this test file alone. */
export function bundlesForTest() {
  if (made !== undefined) return made;
  const bundles = mkdtempSync(join(tmpdir(), 'sluice-bundles-'));
  made = { bundles, metafile: bundleFunctions(bundles) };
  return made;
}

/** A stack, synthesized. */
export function stackUnderTest(context: Record<string, unknown> = {}) {
  const { bundles, metafile } = bundlesForTest();
  const app = new App({ context });
  const stack = new SluiceStack(app, settingsInContext(app.node), bundles);
  const template = Template.fromStack(stack);
  const resources = Object.entries(template.toJSON().Resources as Record<string, CfnResource>);
  return {
    stack,
    template,
    bundles,
    metafile,
    /** The resources of a type, by their logical ids. */
    all: (type: string) => resources.filter(([, { Type }]) => Type === type),
    /** The properties of the one resource of a type. */
    only(type: string): CfnResource['Properties'] {
      const [found, second] = resources.filter(([, { Type }]) => Type === type);
      if (found === undefined || second !== undefined) throw new Error(`there is not one ${type}`);
      return found[1].Properties;
    },
  };
}
