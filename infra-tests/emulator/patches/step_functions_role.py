"""A state machine may do what its role allows. The emulator lets it do everything."""

import contextvars

from iam import check_role
from ministack.services import ecs, lambda_svc
from ministack.services import stepfunctions as sfn
from replace import replaces

_role = contextvars.ContextVar("role", default=None)


def require(action, resource, error, context=None):
    refusal = check_role(_role.get(), action, resource, context) if _role.get() else None
    if refusal:
        raise sfn._ExecutionError(error, refusal)


@replaces(sfn, "_run_execution")
def run_execution(original, arn):
    execution = sfn._executions.get(arn)
    machine = sfn._state_machines.get(execution["stateMachineArn"]) if execution else None
    _role.set(machine["roleArn"] if machine else None)
    return original(arn)


@replaces(sfn, "_call_lambda")
def call_lambda(original, function, event):
    _, config, _ = lambda_svc._get_func_record_for_ref(function)
    if config:
        require("lambda:InvokeFunction", config["FunctionArn"], "Lambda.AWSLambdaException")
    return original(function, event)


@replaces(sfn, "_run_distributed_map")
def run_distributed_map(original, state, raw, effective, iterator, execution, ctx):
    """The items of a distributed map are executions, which the role must be allowed to start."""
    require("states:StartExecution", execution["stateMachineArn"], "States.Runtime")
    return original(state, raw, effective, iterator, execution, ctx)


def require_run_task(request):
    """RunTask wants the right to the task definition, in this cluster, and to hand over each of its roles."""
    cluster = ecs._clusters.get(ecs._resolve_cluster_name(request.get("cluster", "default")), {})
    definition = ecs._task_defs.get(ecs._resolve_td_key(request.get("taskDefinition", "")))
    if not definition:
        return
    refused = "ECS.AccessDeniedException"
    in_cluster = {"ecs:cluster": cluster.get("clusterArn", "")}
    require("ecs:RunTask", definition["taskDefinitionArn"], refused, in_cluster)
    overrides = request.get("overrides") or {}
    for kind in ("taskRoleArn", "executionRoleArn"):
        role = overrides.get(kind) or definition.get(kind)
        if role:
            require("iam:PassRole", role, refused, {"iam:PassedToService": "ecs-tasks.amazonaws.com"})


def require_of_task(action, task_arn, cluster_arn):
    require(action, task_arn, "ECS.AccessDeniedException", {"ecs:cluster": cluster_arn})
