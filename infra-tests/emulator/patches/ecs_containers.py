"""How the containers of a task are started: as Fargate does, side by side in one network, with volumes in common."""

import os
import time

from ministack.services import ecs, ecs_metadata
from replace import replaces
from vpc_routes import closed_network_of

NANOSECONDS = 1_000_000_000
# How long ECS waits for a container that another one depends on.
START_TIMEOUT = 180


def container_name(task_id, name):
    return f"ministack-ecs-{task_id[:8]}-{name}"


def volume_prefix(task_id):
    """The port is in it, so that whoever started the emulator can find what it made."""
    return f"sluice-emulator-{os.environ['GATEWAY_PORT']}-{task_id[:8]}-"


def in_order(definitions):
    """ECS starts a container once those that it depends on are as far as it asks for."""
    ordered, left = [], list(definitions)
    while left:
        done = {definition["name"] for definition in ordered}
        ready = [one for one in left if all(need["containerName"] in done for need in one.get("dependsOn", []))]
        if not ready:
            raise ValueError("the containers of the task definition depend on each other in a circle")
        ordered += ready
        left = [one for one in left if one not in ready]
    return ordered


def network_holder(definitions):
    """The container whose network the others share. It must live as long as they do: not one that others see end."""
    ends = {
        need["containerName"]
        for definition in definitions
        for need in definition.get("dependsOn", [])
        if need["condition"] in ("COMPLETE", "SUCCESS")
    }
    return next((one["name"] for one in in_order(definitions) if one["name"] not in ends), None)


@replaces(ecs, "_start_task_worker")
def start_task_worker(original, task, definition, overrides, docker):
    """The emulator starts containers in the order of the task definition; its lists of them go by that order."""
    definitions = definition.get("containerDefinitions", [])
    ordered = in_order(definitions)
    places = [definitions.index(one) for one in ordered]
    task["containers"] = [task["containers"][place] for place in places]
    task["_container_essentials"] = [task["_container_essentials"][place] for place in places]
    return original(task, {**definition, "containerDefinitions": ordered}, overrides, docker)


@replaces(ecs, "_build_run_kwargs")
def build_run_kwargs(original, container, definition, env, ports, network, host_mode, task_id, *rest):
    """Honours what the emulator leaves out of a container definition: entry point, user, folder, limits, health check,
    volumes of the task, and the network that the containers of an `awsvpc` task share."""
    how = original(container, definition, env, ports, network, host_mode, task_id, *rest)
    how["name"] = container_name(task_id, container["name"])
    for field, option in (("entryPoint", "entrypoint"), ("workingDirectory", "working_dir"), ("user", "user")):
        if container.get(field):
            how[option] = container[field]
    if container.get("readonlyRootFilesystem"):
        how["read_only"] = True
    if (container.get("linuxParameters") or {}).get("initProcessEnabled"):
        how["init"] = True
    if container.get("memory"):
        how["mem_limit"] = f"{int(container['memory'])}m"
    if container.get("healthCheck"):
        how["healthcheck"] = health_check(container["healthCheck"])
    if container.get("ulimits"):
        how["ulimits"] = [
            {"Name": one["name"], "Soft": one["softLimit"], "Hard": one["hardLimit"]} for one in container["ulimits"]
        ]
    volumes = task_volumes(container, definition, task_id)
    if volumes:
        how["volumes"] = list(how.get("volumes") or []) + volumes
    closed = closed_network_of(next(iter(rest), ""))
    if closed is not None:
        how["network"], machine = closed
        # The one address of this machine that is reached from there.
        how["extra_hosts"] = {"host.docker.internal": machine}
    holder = network_holder(definition["containerDefinitions"])
    if definition.get("networkMode") == "awsvpc" and container["name"] != holder and has_started(task_id, holder):
        for option in ("network", "extra_hosts", "ports"):
            how.pop(option, None)
        how["network_mode"] = f"container:{container_name(task_id, holder)}"
    return how


def has_started(task_id, name):
    try:
        return ecs._get_docker().containers.get(container_name(task_id, name)).status == "running"
    except Exception:
        return False


def health_check(check):
    times = (("interval", 30), ("timeout", 5), ("startPeriod", 0))
    docker_names = {"interval": "interval", "timeout": "timeout", "startPeriod": "start_period"}
    return {
        "test": check["command"],
        "retries": int(check.get("retries", 3)),
        **{docker_names[name]: int(check.get(name) or default) * NANOSECONDS for name, default in times},
    }


def task_volumes(container, definition, task_id):
    """A volume without a folder of the host is the task's own, and gone with it."""
    of_host = {
        volume["name"]: (volume.get("host") or {}).get("sourcePath")
        for volume in definition.get("volumes", [])
        if "name" in volume
    }
    return [
        f"{volume_prefix(task_id)}{mount['sourceVolume']}:{mount['containerPath']}:{'ro' if mount.get('readOnly') else 'rw'}"
        for mount in container.get("mountPoints", [])
        if not of_host.get(mount["sourceVolume"])
    ]


@replaces(ecs, "_register_metadata")
def register_metadata(original, task_arn, cluster_arn, definition, container, *rest):
    """A container's metadata say on AWS where its output goes."""
    token = original(task_arn, cluster_arn, definition, container, *rest)
    config = ecs._awslogs_config(container, task_arn.rsplit("/", 1)[-1], token)
    if config:
        payload = ecs_metadata._TOKEN_TO_CONTAINER[token]
        payload["LogDriver"] = "awslogs"
        payload["LogOptions"] = {
            "awslogs-group": config["group"],
            "awslogs-region": config["region"],
            "awslogs-stream": config["stream"],
        }
    return token


@replaces(ecs, "_run_docker_container")
def run_docker_container(original, docker, container, how, **named):
    """`dependsOn` holds a container back; the emulator knows nothing of it."""
    prefix = how["name"].removesuffix(container["name"])
    for need in container.get("dependsOn", []):
        await_container(docker, prefix + need["containerName"], need["condition"])
    return original(docker, container, how, **named)


def await_container(docker, name, condition):
    end = time.monotonic() + START_TIMEOUT
    while time.monotonic() < end:
        state = docker.containers.get(name).attrs["State"]
        if is_met(state, condition):
            return
        if state["Status"] == "exited" and condition in ("HEALTHY", "SUCCESS"):
            raise RuntimeError(f"container {name} ended with {state['ExitCode']} before it was {condition}")
        time.sleep(0.05)
    raise RuntimeError(f"container {name} was not {condition} within {START_TIMEOUT} s")


def is_met(state, condition):
    if condition == "HEALTHY":
        return (state.get("Health") or {}).get("Status") == "healthy"
    if condition == "COMPLETE":
        return state["Status"] == "exited"
    if condition == "SUCCESS":
        return state["Status"] == "exited" and state["ExitCode"] == 0
    return state["Status"] in ("running", "exited")
