"""How a task begins and ends: refusals and repeats of RunTask, real exit codes, and all output in the log."""

import threading

from ministack.core.concurrency import resource_lock
from ministack.core.responses import error_response_json, json_response
from ministack.services import ecs
from ecs_containers import volume_prefix
from ecs_events import tell
from replace import in_background, replaces

DEFAULT_STOP_TIMEOUT = 30
OUTPUT_SECONDS = 10
# No call makes AWS take a node back; a test asks for it by a StopTask with what ECS then gives as the reason.
INTERRUPTION = "Your Spot Task was interrupted."

_answers = {}
_forwarders = {}


@replaces(ecs, "_run_task")
def run_task(original, request):
    """AWS refuses an unknown cluster, answers a repeated `clientToken` with the task that the first one started, and groups
    tasks by their family. The emulator makes the cluster, starts another task, and knows no group."""
    cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
    if cluster and cluster not in ecs._clusters:
        return error_response_json("ClusterNotFoundException", "Cluster not found.", 400)
    token = request.get("clientToken")
    if token and (cluster, token) in _answers:
        return _answers[cluster, token]
    answer = original({"group": f"family:{family_of(request)}", **request})
    if token and answer[0] < 400:
        _answers[cluster, token] = answer
    return answer


def family_of(request):
    return request.get("taskDefinition", "").rsplit("/", 1)[-1].split(":")[0]


@replaces(ecs, "_stop_task")
def stop_task(original, request):
    """AWS asks the containers to end, gives them `stopTimeout`, and tells with which code each ended. The emulator says at
    once that all ended well."""
    task = ecs._resolve_task(request.get("task", ""), ecs._resolve_cluster_name(request.get("cluster", "default")))
    if not task or task["lastStatus"] == "STOPPED" or not task.get("_docker_ids"):
        return original(request)
    reason = request.get("reason", "Task stopped by user")
    begin_stop(task, reason, "SpotInterruption" if reason == INTERRUPTION else "UserInitiated")
    return json_response({"task": ecs._sanitize(task)})


def begin_stop(task, reason, code):
    with resource_lock("ecs-task", task["taskArn"]):
        if task.get("_stopping"):
            return
        task["_stopping"] = True
        task["desiredStatus"] = "STOPPED"
        ecs._bump_task_version(task)
    tell(task)
    in_background(end_task, task, reason, code)


def end_task(task, reason, code):
    docker = ecs._get_docker()
    definition = ecs._task_defs[ecs._resolve_td_key(task["taskDefinitionArn"])]
    timeouts = {one["name"]: one.get("stopTimeout") for one in definition["containerDefinitions"]}
    containers = list(zip(task["containers"], list(task["_docker_ids"])))
    threads = [
        threading.Thread(
            target=end_container, args=(docker, docker_id, view, int(timeouts.get(view["name"]) or DEFAULT_STOP_TIMEOUT))
        )
        for view, docker_id in containers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # The emulator's own way to the end asks whether the task is still wanted.
    task["desiredStatus"] = "RUNNING"
    ecs._mark_task_stopped(task["taskArn"], task, reason, code)
    ecs._cleanup_task_resources(task, docker)


def end_container(docker, docker_id, view, timeout):
    try:
        container = docker.containers.get(docker_id)
        container.stop(timeout=timeout)
        view["exitCode"] = container.wait()["StatusCode"]
    except Exception:
        view["exitCode"] = 137
    view["lastStatus"] = "STOPPED"


@replaces(ecs, "_maybe_mark_stopped")
def maybe_mark_stopped(_original, task, docker=None):
    """The end of an essential container ends the task, the others with it. The emulator gives those the code of the first."""
    if task.get("lastStatus") != "RUNNING" or task.get("_stopping") or not task.get("_docker_ids"):
        return
    docker = docker or ecs._get_docker()
    ended = []
    for view, docker_id in zip(task["containers"], list(task["_docker_ids"])):
        try:
            container = docker.containers.get(docker_id)
        except Exception:
            # Docker does not answer, which says nothing of the process.
            continue
        if container.status == "exited":
            view["lastStatus"] = "STOPPED"
            view["exitCode"] = container.attrs["State"]["ExitCode"]
            ended.append(view["name"])
    essential = [
        view["name"] for view, needed in zip(task["containers"], task.get("_container_essentials") or []) if needed
    ]
    if any(name in ended for name in essential) or len(ended) == len(task["containers"]):
        begin_stop(task, "Essential container in task exited", "EssentialContainerExited")


@replaces(ecs, "_start_awslogs_forwarder")
def start_awslogs_forwarder(_original, container, definition, task_id):
    """As the emulator does, but known by the container, so that its end can wait for the last lines."""
    config = ecs._awslogs_config(definition, task_id, container.id)
    if not config:
        return
    region = config["region"] or ecs.get_region()
    thread = threading.Thread(
        target=ecs._forward_awslogs, args=(container, config, ecs.get_account_id(), region), daemon=True
    )
    _forwarders[container.id] = thread
    thread.start()


@replaces(ecs, "_cleanup_task_resources")
def cleanup_task_resources(original, task, docker, *rest):
    """The driver of logs reads to the end before a container is removed; and the task's volumes go with it."""
    docker_ids = list(task.get("_docker_ids") or [])
    for docker_id in docker_ids:
        forwarder = _forwarders.pop(docker_id, None)
        if forwarder and task.get("lastStatus") == "STOPPED":
            forwarder.join(OUTPUT_SECONDS)
    docker = docker or ecs._get_docker()
    original(task, docker, *rest)
    try:
        for volume in docker.volumes.list(filters={"name": volume_prefix(task["taskArn"].rsplit("/", 1)[-1])}):
            volume.remove(force=True)
    except Exception:
        # Docker does not answer: whoever stops the emulator looks after what it made.
        pass


def as_dispatched():
    """The emulator looks its operations up in tables that hold the functions themselves."""
    for table in vars(ecs).values():
        if isinstance(table, dict) and "RunTask" in table:
            table["RunTask"] = lambda request: ecs._run_task(request)
            table["StopTask"] = lambda request: ecs._stop_task(request)


as_dispatched()
