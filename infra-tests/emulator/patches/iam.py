"""What the emulator's policies need to know of a request."""

import json

from ministack.core import iam_actions, iam_evaluator
from replace import replaces


@replaces(iam_evaluator, "pin_request_origin")
def pin_request_origin(original, source_ip, _secure_transport):
    """On AWS requests come by TLS; here by plain HTTP, which policies with `aws:SecureTransport` deny: the bucket of
    `cdk bootstrap` has one, and so have queues."""
    return original(source_ip, True)


# On AWS the right to do something once is the right to do it in batches; the emulator asks for one of its own.
OF_BATCH = {
    "sns:PublishBatch": "sns:Publish",
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}


@replaces(iam_actions, "extract_iam_action")
def extract_iam_action(original, *request):
    action = original(*request)
    return OF_BATCH.get(action, action)


@replaces(iam_actions, "extract_resource_arn")
def extract_resource_arn(original, service, method, path, headers, body, query, region, account):
    """On AWS the rights to a call of ECS go by the task or the task definition that it names; in the emulator by the
    cluster, whatever the call. Those to a log group go by an ARN that ends with `:*`; in the emulator by one without."""
    if service == "logs":
        resource = original(service, method, path, headers, body, query, region, account)
        return f"{resource}:*" if resource.split(":")[5:6] == ["log-group"] and resource.count(":") == 6 else resource
    if service != "ecs":
        return original(service, method, path, headers, body, query, region, account)
    action = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
    return ecs_resource(action, json.loads(body or b"{}"), region, account)


def ecs_resource(action, request, region, account):
    def arn(kind, name):
        return name if name.startswith("arn:") else f"arn:aws:ecs:{region}:{account}:{kind}/{name}"

    cluster = request.get("cluster", "default").rsplit("/", 1)[-1]
    if action == "StopTask":
        return arn(f"task/{cluster}", request.get("task", ""))
    if action == "DescribeTasks":
        return arn(f"task/{cluster}", (request.get("tasks") or [""])[0])
    if action == "RunTask":
        return arn("task-definition", request.get("taskDefinition", ""))
    if action == "RegisterTaskDefinition":
        return arn("task-definition", request.get("family", "") + ":*")
    if action == "DeleteTaskDefinitions":
        return arn("task-definition", (request.get("taskDefinitions") or [""])[0])
    if action in ("TagResource", "UntagResource", "ListTagsForResource"):
        return request.get("resourceArn", "*")
    # The others know no resource but the cluster, or none at all: `*` is all that a policy can say then.
    return arn("cluster", cluster) if "cluster" in request and action == "DescribeClusters" else "*"


def check_role(role_arn, action, resource, context=None):
    """None if a role's policies allow an action, or else the words of AWS's refusal."""
    account, name = role_arn.split(":")[4], role_arn.rsplit("/", 1)[-1]
    principal = f"arn:aws:sts::{account}:assumed-role/{name}/session"
    asked = iam_evaluator.EvalContext(
        principal_arn=principal,
        principal_type="AssumedRole",
        principal_account=account,
        action=action,
        resource_arn=resource,
        region=resource.split(":")[3] if resource.startswith("arn:") else "",
        service_context={key.lower(): value for key, value in (context or {}).items()},
    )
    result = iam_evaluator.evaluate(asked, iam_evaluator._gather_role_policies(name, account))
    if result.decision == "Allow":
        return None
    return f"User: {principal} is not authorized to perform: {action} on resource: {resource}"
