import { acceptanceSuite } from '../../shared/testing/acceptance/acceptance-suite.ts';
import { describeDeployed } from './describe-deployed.ts';

const NO_CONTAINERS = 'the deployed stack does not run containers yet';

describeDeployed('the deployed stack', ({ api }) => {
  acceptanceSuite({
    name: 'AWS',
    api: () => api,
    manyMachines: true,
    seconds: 180,
    noContainers: NO_CONTAINERS,
  });
});
