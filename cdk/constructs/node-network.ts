import { Tags } from 'aws-cdk-lib';
import { IpAddresses, type ISubnet, type IVpc, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

/**
 * Where nodes run: public subnets without a NAT gateway, which would cost while idle. A node reaches out, to the service
 * and to image registries, by an address of its own; nothing reaches it.
 */
export class NodeNetwork extends Construct {
  readonly vpc: IVpc;
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, { zones }: { readonly zones: number }) {
    super(scope, 'NodeNetwork');
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.64.0.0/16'),
      maxAzs: zones,
      natGateways: 0,
      // 8,187 addresses each, one a node.
      subnetConfiguration: [
        { name: 'nodes', subnetType: SubnetType.PUBLIC, cidrMask: 19, mapPublicIpOnLaunch: false },
      ],
      restrictDefaultSecurityGroup: false,
    });
    this.vpc = vpc as IVpc;
    this.securityGroup = new SecurityGroup(this, 'Nodes', {
      vpc: this.vpc,
      description: 'Nodes of Sluice: closed from outside, and to each other.',
      // To the service, to image registries, and to whatever tasks work on.
      allowAllOutbound: true,
    });
    Tags.of(vpc).add('Name', 'sluice-nodes');
  }

  get subnets(): ISubnet[] {
    return this.vpc.publicSubnets;
  }
}
