"""`ecs:runTask.sync` as on AWS: its answer, its errors by their names, and the task stopped with what waits for it."""

import json
import time

from ministack.services import ecs
from ministack.services import stepfunctions as sfn
from replace import replaces
from step_functions import TICK, _scope
from step_functions_role import require_of_task, require_run_task

STOPPED_BY = "Task stopped by AWS Step Functions"


def upper_camel(value):
    if isinstance(value, list):
        return [upper_camel(item) for item in value]
    if isinstance(value, dict):
        return {key[0].upper() + key[1:]: upper_camel(item) for key, item in value.items() if item is not None}
    return value


def run_task(resource, request):
    """The emulator says that a task which failed has succeeded, and answers in another case."""
    request = {"startedBy": "AWS Step Functions", **sfn._pascal_to_camel(request)}
    require_run_task(request)
    status, _, body = ecs._run_task(request)
    answer = json.loads(body)
    if status >= 400:
        code = answer.get("__type", "ECSException").split("#")[-1]
        raise sfn._ExecutionError(f"ECS.{code}", answer.get("message", ""))
    if not resource.endswith(".sync"):
        return upper_camel(answer)
    task = stopped_task(request.get("cluster", "default"), answer["tasks"][0]["taskArn"])
    if has_failed(task):
        raise sfn._ExecutionError("States.TaskFailed", json.dumps(upper_camel(task)))
    return upper_camel(task)


def stopped_task(cluster, arn):
    """Waits until the task has stopped; stops it when its state is stopped. It takes as long as it takes: no cap."""
    asked = False
    require_of_task("ecs:DescribeTasks", arn, ecs._tasks[arn]["clusterArn"])
    while True:
        task = json.loads(ecs._describe_tasks({"cluster": cluster, "tasks": [arn]})[2])["tasks"][0]
        if task["lastStatus"] == "STOPPED":
            return task
        scope = _scope.get()
        if not asked and scope is not None and scope.is_over():
            require_of_task("ecs:StopTask", arn, task["clusterArn"])
            ecs._stop_task({"cluster": cluster, "task": arn, "reason": STOPPED_BY})
            asked = True
        time.sleep(TICK)


def has_failed(task):
    """AWS: the task failed to start, was stopped, or an essential container ended other than with 0."""
    if task.get("stopCode") in ("TaskFailedToStart", "UserInitiated", "SpotInterruption"):
        return True
    definition = ecs._task_defs[ecs._resolve_td_key(task["taskDefinitionArn"])]
    essential = {one["name"] for one in definition["containerDefinitions"] if one.get("essential", True)}
    return any(one["name"] in essential and one.get("exitCode") != 0 for one in task["containers"])


sfn._SERVICE_DISPATCH["arn:aws:states:::ecs:runTask"] = run_task


@replaces(sfn, "_invoke_resource_with_timeout")
def invoke_resource_with_timeout(original, resource, request, timeout):
    """Python's waits have a longest time, which the timeouts of a job's nodes pass."""
    return original(resource, request, min(timeout, 1_000_000))
