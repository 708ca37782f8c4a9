import { acceptanceSuite } from '../../shared/testing/acceptance/acceptance-suite.ts';
import { describeDeployed } from './describe-deployed.ts';
import { PATIENCE } from './nodes-of-job.ts';

describeDeployed('the deployed stack', ({ api }) => {
  acceptanceSuite({
    name: 'AWS',
    api: () => api,
    manyMachines: true,
    seconds: PATIENCE,
  });
});
