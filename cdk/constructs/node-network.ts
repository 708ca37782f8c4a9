import { Stack, Tags } from 'aws-cdk-lib';
import {
  IpAddresses,
  type ISubnet,
  type IVpc,
  SecurityGroup,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { NodeSubnet } from '../../shared/core/fargate/node-places.ts';

export interface NodeNetworkProps {
  /** A VPC of the same app. */
  readonly vpc?: IVpc | undefined;
  readonly vpcSubnets?: SubnetSelection | undefined;
  /** A VPC that is there already, by its id and those of subnets. */
  readonly vpcId?: string | undefined;
  /** `subnet-1`, or with its zone `subnet-1=us-east-1a`. */
  readonly subnetIds: readonly string[];
  readonly privateSubnetIds: readonly string[];
  readonly publicIp?: boolean | undefined;
  readonly natGateway: boolean;
}

const ZONES = 2;

/**
 * Where nodes run: public subnets of a VPC of their own, without a NAT gateway unless it is asked for, which would cost
 * while idle; or subnets of a VPC that is there already. A node reaches out, to the service and to image registries; nothing reaches it.
 */
export class NodeNetwork extends Construct {
  readonly vpc: IVpc;
  readonly subnets: readonly NodeSubnet[];
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, props: NodeNetworkProps) {
    super(scope, 'NodeNetwork');
    const { vpc, vpcSubnets, vpcId, natGateway } = props;
    const way = (props.publicIp ?? (vpc ?? vpcId) === undefined) ? 'PUBLIC' : 'PRIVATE';
    if (vpc !== undefined) {
      this.vpc = vpc;
      const chosen = vpcSubnets ?? { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
      this.subnets = subnetsOf(vpc.selectSubnets(chosen).subnets, way);
    } else if (vpcId !== undefined) {
      const { availabilityZones } = Stack.of(this);
      this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', { vpcId, availabilityZones });
      this.subnets = [
        ...props.subnetIds.map((subnet) => givenSubnet(subnet, way)),
        ...props.privateSubnetIds.map((subnet) => givenSubnet(subnet, 'PRIVATE')),
      ];
    } else {
      this.vpc = this.#newVpc(natGateway);
      this.subnets = [
        ...subnetsOf(this.vpc.publicSubnets, way),
        ...subnetsOf(this.vpc.privateSubnets, 'PRIVATE'),
      ];
    }
    this.securityGroup = new SecurityGroup(this, 'Nodes', {
      vpc: this.vpc,
      description: 'Nodes of Sluice: closed from outside, and to each other.',
      // To the service, to image registries, and to whatever tasks work on.
      allowAllOutbound: true,
    });
  }

  #newVpc(natGateway: boolean): IVpc {
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.64.0.0/16'),
      maxAzs: ZONES,
      natGateways: natGateway ? 1 : 0,
      // 8,187 addresses each, one a node.
      subnetConfiguration: [
        { name: 'nodes', subnetType: SubnetType.PUBLIC, cidrMask: 19, mapPublicIpOnLaunch: false },
        ...(natGateway ? [{ name: 'inner', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 19 }] : []),
      ],
      restrictDefaultSecurityGroup: false,
    });
    Tags.of(vpc).add('Name', 'sluice-nodes');
    return vpc as IVpc;
  }
}

function subnetsOf(subnets: readonly ISubnet[], way: NodeSubnet['way']): NodeSubnet[] {
  return subnets.map(({ subnetId: id, availabilityZone: zone }) => ({ id, zone, way }));
}

function givenSubnet(subnet: string, way: NodeSubnet['way']): NodeSubnet {
  const [id = '', zone] = subnet.split('=');
  return { id, way, ...(zone === undefined ? {} : { zone }) };
}
