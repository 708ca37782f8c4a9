import { join } from 'node:path';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { EnvironmentOf, FunctionName } from '../../functions/lambda/environment.ts';
import { deploymentName } from './deployment-name.ts';
import { environmentProblems } from './environment-size.ts';

export interface ServiceFunctionProps<Name extends FunctionName> {
  readonly name: Name;
  /** The folder of all bundles. */
  readonly bundles: string;
  readonly description: string;
  readonly environment: EnvironmentOf<Name>;
  readonly timeout: Duration;
  readonly memoryMib?: number;
  /** Days that its log is kept. */
  readonly logDays: RetentionDays;
  readonly isTraced: boolean;
}

/** One function with its role and its log group. Its role may write that log, and what it is granted besides. */
export class ServiceFunction<Name extends FunctionName = FunctionName> extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, props: ServiceFunctionProps<Name>) {
    super(scope, pascal(props.name));
    const logGroup = new LogGroup(this, 'Log', {
      retention: props.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    this.function = new LambdaFunction(this, 'Function', {
      functionName: functionName(this, props.name),
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(join(props.bundles, props.name)),
      environment: { ...props.environment, ...(props.isTraced ? { TRACE_CALLS: 'true' } : {}) },
      tracing: props.isTraced ? Tracing.ACTIVE : Tracing.DISABLED,
      timeout: props.timeout,
      memorySize: props.memoryMib ?? 512,
      logGroup,
      role,
    });
    // When all is put together: more may be added to the environment until then.
    this.node.addValidation({ validate: () => environmentProblems(props.name, this.function) });
  }
}

/** `{deployment}-{name}`: what is named so can be named before it is there, where two parts need each other. */
export function functionName(scope: Construct, name: FunctionName): string {
  return `${deploymentName(scope)}-${name}`;
}

export function pascal(name: string): string {
  return name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
