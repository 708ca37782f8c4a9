import { Stack } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import {
  CfnFirewallDomainList,
  CfnFirewallRuleGroup,
  CfnFirewallRuleGroupAssociation,
} from 'aws-cdk-lib/aws-route53resolver';
import { Construct } from 'constructs';

/** Rules of an association come in the order of these, 101 to 8999. */
const FIRST = 101;

/**
 * Lets the resolver of a VPC answer for names of AWS, and for no others: a program could tell anything to whoever
 * answers for a name of its own, for the resolver asks everywhere. Names of AWS are answered by AWS itself.
 */
export class NameFirewall extends Construct {
  constructor(scope: Construct, vpc: IVpc) {
    super(scope, 'Names');
    const list = (id: string, domains: string[]) => new CfnFirewallDomainList(this, id, { domains });
    const rules = new CfnFirewallRuleGroup(this, 'Rules', {
      firewallRules: [
        {
          priority: 1,
          action: 'ALLOW',
          firewallDomainListId: list('Known', [`*.${Stack.of(this).urlSuffix}`]).attrId,
          // What such a name is another name for, its owner says, who is AWS.
          firewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN',
        },
        {
          priority: 2,
          action: 'BLOCK',
          blockResponse: 'NXDOMAIN',
          firewallDomainListId: list('All', ['*']).attrId,
        },
      ],
    });
    new CfnFirewallRuleGroupAssociation(this, 'Association', {
      firewallRuleGroupId: rules.attrId,
      vpcId: vpc.vpcId,
      priority: FIRST,
    });
  }
}
