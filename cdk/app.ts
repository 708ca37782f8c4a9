import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { acknowledgeRules } from './acknowledged-rules.ts';
import { BUNDLES, bundleFunctions } from './build/bundle-functions.ts';
import { readSettings } from './settings.ts';
import { SluiceStack } from './sluice-stack.ts';

// What `cdk synth` and `cdk deploy` run. Functions are bundled first, for the stack hashes their bundles.
bundleFunctions();
const app = new App();
const stack = new SluiceStack(app, readSettings(app.node), BUNDLES);
acknowledgeRules(stack);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
