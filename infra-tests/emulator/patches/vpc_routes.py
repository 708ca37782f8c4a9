"""Tasks in subnets without a way out: Docker runs their containers in a network without one, by the VPC."""

import functools
import ipaddress
import os
import threading

from ministack.services import ec2, ecs

_making = threading.Lock()


def has_way_out(subnet_id):
    """Whether a subnet's routes lead to anything but its own VPC and services; an unknown subnet's do."""
    subnet = ec2._subnets.get(subnet_id)
    if subnet is None:
        return True
    routes = [route for table in tables_of(subnet) for route in table.get("Routes", [])]
    return any(target_of(route) != "local" and not target_of(route).startswith("vpce-") for route in routes)


def tables_of(subnet):
    """A subnet has the routes of its own table, or else of its VPC's main one."""
    tables = [table for table in ec2._route_tables.values() if table.get("VpcId") == subnet["VpcId"]]
    own = [table for table in tables if any(one.get("SubnetId") == subnet["SubnetId"] for one in table["Associations"])]
    return own or [table for table in tables if any(one.get("Main") for one in table["Associations"])]


def target_of(route):
    targets = (value for key, value in route.items() if key.endswith("Id") and not key.startswith("Destination"))
    return next((target for target in targets if target), "local")


def closed_network_of(task_arn):
    """The Docker network of a task, and the address of this machine in it; nothing for a task with a way out."""
    subnet_id = (ecs._tasks.get(task_arn) or {}).get("_subnet")
    if not subnet_id or has_way_out(subnet_id):
        return None
    with _making:
        return docker_network(ec2._subnets[subnet_id]["VpcId"])


@functools.cache
def docker_network(vpc_id):
    """Its containers reach this machine, where the emulator is, and neither each other nor anything else. The port is in the
    name, so that whoever started the emulator can find what it made."""
    network = ecs._get_docker().networks.create(
        f"sluice-emulator-{os.environ['GATEWAY_PORT']}-{vpc_id}",
        driver="bridge",
        internal=True,
        options={"com.docker.network.bridge.enable_icc": "false"},
    )
    network.reload()
    config = network.attrs["IPAM"]["Config"][0]
    _ranges[ipaddress.ip_network(config["Subnet"])] = vpc_id
    return network.name, config.get("Gateway") or str(next(ipaddress.ip_network(config["Subnet"]).hosts()))


_ranges = {}


def closed_vpc_of(address):
    """The VPC of a caller in such a network."""
    caller = ipaddress.ip_address(address)
    return next((vpc_id for addresses, vpc_id in _ranges.items() if caller in addresses), None)
