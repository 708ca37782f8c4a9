import { Aws } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { type IGrantable, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { STAGE } from './batch-api.ts';
import { deploymentName } from './deployment-name.ts';

/** A job, or all jobs of a place; whatever is left out stands for any. */
export interface AccessScope {
  readonly project?: string;
  readonly location?: string;
  readonly jobId?: string;
}

export interface Access extends AccessScope {
  /** `read` is to get and list; `full` is everything. */
  readonly to: 'read' | 'full';
}

/**
 * Paths of the API below a stage, as policies name them. A job's own are named in full, for `jobs/a*` would be
 * the jobs that begin with an `a`; what comes after a job's id is a path or a verb, whose colon may come encoded.
 */
export function pathsOf({ project = '*', location = '*', jobId }: AccessScope): string[] {
  if (jobId === undefined && project === '*' && location === '*') return ['*'];
  const place = `v1*/projects/${project}/locations/${location}`;
  if (jobId === undefined) return [place, `${place}/*`];
  const job = `${place}/jobs/${jobId}`;
  return [job, `${job}/*`, `${job}:*`, `${job}%3A*`];
}

/** Lets somebody call the API. */
function accessStatement(api: RestApi, { to, ...scope }: Access): PolicyStatement {
  return new PolicyStatement({
    actions: ['execute-api:Invoke'],
    resources: pathsOf(scope).map((path) =>
      api.arnForExecuteApi(to === 'read' ? 'GET' : '*', `/${path}`, STAGE),
    ),
  });
}

/** The two policies that most users want, for `aws iam attach-user-policy` and the like. */
export class ApiAccess extends Construct {
  readonly fullAccess: ManagedPolicy;
  readonly readOnly: ManagedPolicy;
  readonly #api: RestApi;

  constructor(scope: Construct, api: RestApi) {
    super(scope, 'Access');
    this.#api = api;
    const policy = (id: string, name: string, description: string, to: Access['to']) =>
      new ManagedPolicy(this, id, {
        // Policies are of the account, not of a region.
        managedPolicyName: `${deploymentName(this)}-${Aws.REGION}-${name}`,
        description,
        statements: [accessStatement(api, { to })],
      });
    this.fullAccess = policy('FullAccess', 'full-access', 'Sluice: all methods, all jobs', 'full');
    this.readOnly = policy('ReadOnly', 'read-only', 'Sluice: get and list, all jobs', 'read');
  }

  /** Lets a role, user or function of the same app call the API. */
  grant(to: IGrantable, access: Access): void {
    to.grantPrincipal.addToPrincipalPolicy(accessStatement(this.#api, access));
  }
}
