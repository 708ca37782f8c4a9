import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';
import { Sluice } from './sluice.ts';

/** A stack with one deployment in it and nothing else: what `cdk deploy` deploys. */
export class SluiceStack extends Stack {
  readonly sluice: Sluice;

  /** `bundles`: the folder of the functions' bundles, made ahead; they are made without it. */
  constructor(scope: Construct, { account, region, ...settings }: Settings, bundles?: string) {
    const env = {
      ...(account === undefined ? {} : { account }),
      ...(region === undefined ? {} : { region }),
    };
    super(scope, 'Sluice', { stackName: settings.name, env, description: 'Sluice: batch jobs' });
    // A construct of this id adds nothing to the names of what is in it.
    this.sluice = new Sluice(this, 'Default', { ...settings, ...(bundles === undefined ? {} : { bundles }) });
    this.sluice.addOutputs();
  }
}
