import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll } from 'vitest';
import { functionNames } from '../../cdk/build/bundle-functions.ts';
import { settingsInContext } from '../../cdk/settings.ts';
import { SluiceStack } from '../../cdk/sluice-stack.ts';

export interface CfnResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

/** In place of bundles, which take seconds to make: what a stack has to do with them is to name their folders. */
export const bundles = mkdtempSync(join(tmpdir(), 'sluice-no-bundles-'));
for (const name of functionNames) {
  mkdirSync(join(bundles, name));
  writeFileSync(join(bundles, name, 'index.mjs'), '');
}
afterAll(() => rmSync(bundles, { recursive: true, force: true }));

/** A stack, synthesized. */
export function stackUnderTest(context: Record<string, unknown> = {}) {
  const app = new App({ context });
  const stack = new SluiceStack(app, settingsInContext(app.node), bundles);
  const template = Template.fromStack(stack);
  const resources = Object.entries(template.toJSON().Resources as Record<string, CfnResource>);
  return {
    stack,
    template,
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
