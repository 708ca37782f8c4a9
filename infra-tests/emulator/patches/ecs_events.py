"""`ECS Task State Change`: AWS sends it at every change of a task's state; the emulator sends none."""

import json

from ministack.services import ecs, eventbridge
from replace import in_background, replaces


def tell(task, **over):
    detail = {name: value for name, value in ecs._sanitize(task).items() if value not in (None, "")}
    entry = {
        "Source": "aws.ecs",
        "DetailType": "ECS Task State Change",
        "Resources": [task["taskArn"]],
        "Detail": json.dumps({**detail, **over}, default=str),
    }
    in_background(lambda: eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True))


def tells_after(name):
    @replaces(ecs, name)
    def marked(original, task_arn, task, *arguments, **named):
        changed = original(task_arn, task, *arguments, **named)
        if changed:
            tell(task)
        return changed


for mark in ("_mark_task_pending", "_mark_task_activating", "_mark_task_running", "_mark_task_stopped"):
    tells_after(mark)


@replaces(ecs, "_run_task")
def run_task(original, request):
    answer = original(request)
    if answer[0] < 400:
        for task in json.loads(answer[2])["tasks"]:
            if task["taskArn"] in ecs._tasks:
                tell(ecs._tasks[task["taskArn"]], lastStatus="PROVISIONING")
    return answer
