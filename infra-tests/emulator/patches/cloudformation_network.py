"""Resources of a closed network that the emulator's CloudFormation does not know."""

import uuid

from ministack.services import ec2
from ministack.services.cloudformation import provisioners


def add_ingress(_logical_id, props, _stack):
    """A rule of a security group that stands beside it."""
    ec2._security_groups[props["GroupId"]]["IpPermissions"].extend(provisioners._ec2_sg_permissions([props]))
    return f"sgr-{uuid.uuid4()}", {}


def note(prefix):
    """What is taken note of, and has no effect: no resolver looks at the firewall's rules here."""

    def create(_logical_id, _props, _stack):
        physical_id = f"{prefix}-{uuid.uuid4()}"
        return physical_id, {"Id": physical_id}

    return create


for kind, create in {
    "AWS::EC2::SecurityGroupIngress": add_ingress,
    "AWS::Route53Resolver::FirewallDomainList": note("rslvr-fdl"),
    "AWS::Route53Resolver::FirewallRuleGroup": note("rslvr-frg"),
    "AWS::Route53Resolver::FirewallRuleGroupAssociation": note("rslvr-frgassoc"),
}.items():
    provisioners._RESOURCE_HANDLERS[kind] = {"create": create, "delete": lambda _physical_id, _props: None}
