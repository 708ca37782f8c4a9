import { Stack, Tags } from 'aws-cdk-lib';
import {
  type CfnSecurityGroup,
  type InterfaceVpcEndpoint,
  IpAddresses,
  type IVpc,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { NodeSubnet } from '../../shared/core/fargate/node-places.ts';
import { addClosedEndpoints } from './closed-endpoints.ts';
import { NameFirewall } from './name-firewall.ts';
import type { NodeCluster } from './node-cluster.ts';

export interface ClosedNodeNetworkProps {
  readonly cluster: NodeCluster;
  /** S3's prefix list in the region, where it is known. */
  readonly s3PrefixList: string | undefined;
}

const ZONES = 2;
const HTTPS = { ipProtocol: 'tcp', fromPort: 443, toPort: 443 };

/**
 * Where nodes run that are to have no way out: a VPC of its own, without internet or NAT gateway, so that none of its
 * endpoints takes over a name that other nodes call. From a node there lead ways to these endpoints alone, whose policies let
 * nobody but the deployment itself use them; and names outside of AWS are not looked up, for a name is a message too.
 */
export class ClosedNodeNetwork extends Construct {
  readonly vpc: IVpc;
  readonly subnets: readonly NodeSubnet[];
  readonly securityGroup: SecurityGroup;
  /** Where the private API is reached. */
  readonly apiEndpoint: InterfaceVpcEndpoint;
  /** The one registry that nodes here can pull from: this account's, in this region. */
  readonly registry: string;

  constructor(scope: Construct, { cluster, s3PrefixList }: ClosedNodeNetworkProps) {
    super(scope, 'ClosedNodeNetwork');
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.65.0.0/16'),
      maxAzs: ZONES,
      natGateways: 0,
      subnetConfiguration: [{ name: 'closed', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 19 }],
      restrictDefaultSecurityGroup: false,
    });
    Tags.of(vpc).add('Name', 'sluice-closed-nodes');
    this.vpc = vpc as IVpc;
    this.subnets = vpc.isolatedSubnets.map(({ subnetId: id, availabilityZone: zone }) => ({
      id,
      zone,
      way: 'CLOSED',
    }));
    const endpoints = new SecurityGroup(this, 'Endpoints', {
      vpc: this.vpc,
      description: 'Endpoints that closed nodes of Sluice reach.',
      allowAllOutbound: false,
    });
    this.securityGroup = new SecurityGroup(this, 'Nodes', {
      vpc: this.vpc,
      description: 'Nodes of Sluice without a way out: closed from outside, and to each other.',
      allowAllOutbound: false,
    });
    endpoints.addIngressRule(this.securityGroup, Port.tcp(443), 'from nodes');
    // In the group itself: a group that has its rules beside it is made with one that allows everything.
    const group = this.securityGroup.node.defaultChild as CfnSecurityGroup;
    group.securityGroupEgress = [
      { ...HTTPS, destinationSecurityGroupId: endpoints.securityGroupId, description: 'to endpoints' },
      { ...HTTPS, ...s3Addresses(s3PrefixList), description: 'to S3, for layers of images' },
    ];
    this.apiEndpoint = addClosedEndpoints(this, vpc, endpoints, cluster);
    new NameFirewall(this, this.vpc);
    const { account, region, urlSuffix } = Stack.of(this);
    this.registry = `${account}.dkr.ecr.${region}.${urlSuffix}`;
  }
}

/** All addresses stand for S3's: the only route out of the VPC is the one to them. */
function s3Addresses(
  prefixList: string | undefined,
): Pick<CfnSecurityGroup.EgressProperty, 'cidrIp' | 'destinationPrefixListId'> {
  return prefixList === undefined ? { cidrIp: '0.0.0.0/0' } : { destinationPrefixListId: prefixList };
}
