import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll } from 'vitest';
import { bundleFunctions } from '../../cdk/build/bundle-functions.ts';
import { readSettings } from '../../cdk/settings.ts';
import { SluiceStack } from '../../cdk/sluice-stack.ts';

export interface CfnResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

/** A stack, synthesized, with its functions bundled into a folder of this test file alone. */
export function stackUnderTest(context: Record<string, unknown> = {}) {
  const bundles = mkdtempSync(join(tmpdir(), 'sluice-bundles-'));
  afterAll(() => rmSync(bundles, { recursive: true, force: true }));
  const metafile = bundleFunctions(bundles);
  const app = new App({ context });
  const stack = new SluiceStack(app, readSettings(app.node), bundles);
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
