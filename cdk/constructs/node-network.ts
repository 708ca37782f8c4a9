import { Stack, Tags } from 'aws-cdk-lib';
import {
  IpAddresses,
  type IVpc,
  SecurityGroup,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

export interface NodeNetworkProps {
  /** A VPC of the same app. */
  readonly vpc?: IVpc | undefined;
  readonly vpcSubnets?: SubnetSelection | undefined;
  /** A VPC that is there already, by its id and those of subnets. */
  readonly vpcId?: string | undefined;
  readonly subnetIds: readonly string[];
  readonly publicIp?: boolean | undefined;
}

const ZONES = 2;

/**
 * Where nodes run: public subnets of a VPC of their own without a NAT gateway, which would cost while idle; or subnets of
 * a VPC that is there already. A node reaches out, to the service and to image registries; nothing reaches it.
 */
export class NodeNetwork extends Construct {
  readonly vpc: IVpc;
  readonly subnetIds: readonly string[];
  /** Whether nodes have public addresses. */
  readonly publicIp: boolean;
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, props: NodeNetworkProps) {
    super(scope, 'NodeNetwork');
    const { vpc, vpcSubnets, vpcId, subnetIds, publicIp } = props;
    if (vpc !== undefined) {
      this.vpc = vpc;
      const chosen = vpcSubnets ?? { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
      this.subnetIds = vpc.selectSubnets(chosen).subnetIds;
    } else if (vpcId !== undefined) {
      const { availabilityZones } = Stack.of(this);
      this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', { vpcId, availabilityZones });
      this.subnetIds = subnetIds;
    } else {
      this.vpc = this.#newVpc();
      this.subnetIds = this.vpc.publicSubnets.map(({ subnetId }) => subnetId);
    }
    this.publicIp = publicIp ?? (vpc ?? vpcId) === undefined;
    this.securityGroup = new SecurityGroup(this, 'Nodes', {
      vpc: this.vpc,
      description: 'Nodes of Sluice: closed from outside, and to each other.',
      // To the service, to image registries, and to whatever tasks work on.
      allowAllOutbound: true,
    });
  }

  #newVpc(): IVpc {
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.64.0.0/16'),
      maxAzs: ZONES,
      natGateways: 0,
      // 8,187 addresses each, one a node.
      subnetConfiguration: [
        { name: 'nodes', subnetType: SubnetType.PUBLIC, cidrMask: 19, mapPublicIpOnLaunch: false },
      ],
      restrictDefaultSecurityGroup: false,
    });
    Tags.of(vpc).add('Name', 'sluice-nodes');
    return vpc as IVpc;
  }
}
