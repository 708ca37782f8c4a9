import { inject } from 'vitest';
import { BatchApi } from '../../shared/testing/acceptance/batch-api.ts';
import { type Clients, clientsFor } from './aws-clients.ts';
import type { Deployment } from './deployment.ts';
import { type Credentials, signedFetch } from './signed-fetch.ts';

/** Each look at a job is a call of a function, which takes of what nodes have here. */
const POLL_MS = 400;

/** The deployed stack as tests use it. */
export interface DeployedStack extends Deployment {
  /** The API, with every call signed by the account's root. */
  readonly api: BatchApi;
  /** The API, with every call signed as somebody else. */
  readonly apiAs: (whose: Credentials) => BatchApi;
  /** The API, with no call signed. */
  readonly unsigned: BatchApi;
  /** Clients of AWS's services, for what the API does not show. */
  readonly clients: Clients;
}

/** The deployment of this test run, or why there is none. */
export function deployedStack(): DeployedStack | string {
  const deployment = inject('deployment');
  return typeof deployment === 'string' ? deployment : openDeployment(deployment);
}

/** Clients of a deployment. */
export function openDeployment(deployment: Deployment): DeployedStack {
  const { target, outputs, project } = deployment;
  const address = `${target.endpoint}/restapis/${outputs.ApiId}/prod/_user_request_`;
  const parent = `projects/${project}/locations/${target.region}`;
  const apiAs = (whose: Credentials) =>
    new BatchApi(address, parent, signedFetch(whose, target.region), POLL_MS);
  return {
    ...deployment,
    clients: clientsFor(target),
    api: apiAs(target),
    apiAs,
    unsigned: new BatchApi(address, parent),
  };
}
