import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { settingsInContext } from './settings.ts';
import { SluiceStack } from './sluice-stack.ts';

// What `cdk synth` and `cdk deploy` run.
const app = new App();
new SluiceStack(app, settingsInContext(app.node));
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
