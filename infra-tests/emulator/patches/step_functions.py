"""Executions that can be stopped, time out, and show what happens inside their maps and branches."""

import contextvars
import json
import random
import threading
import time

from ministack.core.responses import json_response
from ministack.services import stepfunctions as sfn
from replace import replaces

TICK = 0.1
ENDED = ("ABORTED", "TIMED_OUT", "FAILED")


class Scope:
    """What is stopped as one: an execution, or the branches of a Parallel or Map, of which one has failed."""

    def __init__(self, parent=None, execution=None):
        self.parent, self.execution = parent, execution
        self.failed = False

    def is_over(self):
        if self.failed or (self.execution is not None and self.execution["status"] in ENDED):
            return True
        return self.parent is not None and self.parent.is_over()


_scope = contextvars.ContextVar("scope", default=None)


def check_scope():
    scope = _scope.get()
    if scope is not None and scope.is_over():
        raise sfn._ExecutionError("States.Aborted", "its execution has ended")


@replaces(sfn, "_start_execution")
def start_execution(original, request):
    """AWS answers a repeated call of the same name and input with the execution that runs; the emulator refuses it."""
    machine = sfn._resolve_state_machine_arn(request.get("stateMachineArn", "").split("#")[0])
    for execution in list(sfn._executions.values()) if machine and request.get("name") else []:
        same = (execution["stateMachineArn"], execution["name"], execution["status"], execution["input"])
        if same == (machine, request["name"], "RUNNING", request.get("input", "{}")):
            return json_response({"executionArn": execution["executionArn"], "startDate": execution["startDate"]})
    return original(request)


@replaces(sfn, "_run_execution")
def run_execution(original, arn):
    """A state machine's own `TimeoutSeconds` ends its executions on AWS."""
    execution = sfn._executions.get(arn)
    _scope.set(Scope(execution=execution))
    machine = sfn._state_machines.get(execution["stateMachineArn"]) if execution else None
    seconds = json.loads(machine["definition"]).get("TimeoutSeconds") if machine else None
    if seconds:
        context = contextvars.copy_context()
        # Longer timers than Python has are longer than any test.
        timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), context.run, args=(time_out, execution))
        timer.daemon = True
        timer.start()
    return original(arn)


def time_out(execution):
    if execution["status"] != "RUNNING":
        return
    execution.update(status="TIMED_OUT", stopDate=sfn.now_iso(), error="States.Timeout", cause=None)
    sfn._add_event(execution, "ExecutionTimedOut", {"executionTimedOutEventDetails": {"error": "States.Timeout"}})
    sfn._emit_execution_status_event(execution)


@replaces(sfn, "_fail_execution")
def fail_execution(original, execution, error, cause):
    """What is stopped has ended already, and does not fail on top of that."""
    if execution["status"] == "RUNNING":
        original(execution, error, cause)


@replaces(sfn, "_scaled_sleep")
def scaled_sleep(_original, seconds):
    """A Wait, or the pause before a retry, ends with its execution."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        check_scope()
        time.sleep(min(left, TICK))


@replaces(sfn, "_find_matching_retrier")
def find_matching_retrier(original, retriers, error, counts):
    """Nothing is tried again once it has been stopped; and `MaxDelaySeconds` and `JitterStrategy` hold on AWS."""
    check_scope()
    retrier, at = original(retriers, error, counts)
    if retrier is None:
        return retrier, at
    delay = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** counts.get(at, 0)
    delay = min(delay, retrier.get("MaxDelaySeconds", delay))
    if retrier.get("JitterStrategy") == "FULL":
        delay = random.uniform(0, delay)
    return {**retrier, "IntervalSeconds": delay, "BackoffRate": 1.0}, at


@replaces(sfn, "_find_matching_catcher")
def find_matching_catcher(original, catchers, error):
    check_scope()
    return original(catchers, error)


@replaces(sfn, "_invoke_with_callback")
def invoke_with_callback(_original, resource, request, token, state):
    """A failed call fails the state on AWS, so that it is tried again; the emulator waits for a token that nobody has."""
    arrived = threading.Event()
    sfn._task_tokens[token] = {"event": arrived, "result": None, "error": None, "heartbeat": None}
    try:
        sfn._invoke_resource(resource.replace(".waitForTaskToken", ""), request)
        end = time.monotonic() + state.get("TimeoutSeconds", 99_999_999)
        while not arrived.wait(TICK):
            check_scope()
            if time.monotonic() > end:
                raise sfn._ExecutionError("States.Timeout", "no answer came for the task token")
        answer = sfn._task_tokens[token]
    finally:
        sfn._task_tokens.pop(token, None)
    if answer["error"]:
        raise sfn._ExecutionError(answer["error"].get("Error", "TaskFailed"), answer["error"].get("Cause", ""))
    return json.loads(answer["result"])


def branches_of(name):
    """A branch or item that fails stops the others on AWS; in the emulator they run on."""

    @replaces(sfn, name)
    def run(original, *arguments):
        outer = _scope.get()
        _scope.set(Scope(parent=outer))
        try:
            return original(*arguments)
        finally:
            _scope.set(outer)


for runner in ("_run_parallel_branches", "_run_map_items"):
    branches_of(runner)


@replaces(sfn, "_run_sub_machine")
def run_sub_machine(original, states, start_at, given, execution, ctx):
    """States inside maps and branches are in the history on AWS, and not in the emulator's."""
    scope = _scope.get()
    try:
        name, value = start_at, given
        while name is not None:
            check_scope()
            state = states[name]
            kind = state["Type"]
            entered = {"name": name, "input": json.dumps(value)}
            sfn._add_event(execution, f"{kind}StateEntered", {"stateEnteredEventDetails": entered})
            value, name = one_state(original, state, name, value, execution, ctx)
            exited = {"name": entered["name"], "output": json.dumps(value)}
            sfn._add_event(execution, f"{kind}StateExited", {"stateExitedEventDetails": exited})
        return value
    except Exception:
        if scope is not None:
            scope.failed = True
        raise


def one_state(original, state, name, value, execution, ctx):
    """The output of a state, and the name of the next one."""
    if state["Type"] in ("Succeed", "Fail"):
        return original({name: state}, name, value, execution, ctx), None
    handler = getattr(sfn, f"_execute_{state['Type'].lower()}")
    ctx["State"] = {"Name": name, "EnteredTime": sfn.now_iso(), "RetryCount": 0}
    if state["Type"] in ("Task", "Parallel", "Map"):
        return handler(state, value, execution, ctx)
    return handler(state, value, ctx)

