"""`errorType` of a failed function is the name of the error that it threw, which Step Functions matches in Retry and Catch.
The emulator always says `Runtime.HandlerError`, and throws the process away, which AWS keeps."""

import contextvars
import inspect
import textwrap

from ministack.core import lambda_runtime
from ministack.services import lambda_svc
from replace import replaces

THROWN = 'status: "error", error: String(err.message || err), trace: err.stack || ""'
THROWN_WITH_NAME = (
    'status: "handler_error", errorType: (err && err.name) || "Error",'
    ' error: String((err && err.message) || err), trace: String((err && err.stack) || "")'
)
ANSWERS = '("ok", "error")'
ANSWERS_OF_BOTH = '("ok", "error", "handler_error")'

_thrown = contextvars.ContextVar("thrown", default=None)


def exchanged(text, old, new):
    if old not in text:
        raise SystemExit("the emulator's runtime of functions is another one than its patch was written for")
    return text.replace(old, new)


lambda_runtime._NODEJS_WORKER_SCRIPT = exchanged(lambda_runtime._NODEJS_WORKER_SCRIPT, THROWN, THROWN_WITH_NAME)
worker_source = exchanged(textwrap.dedent(inspect.getsource(lambda_runtime.Worker)), ANSWERS, ANSWERS_OF_BOTH)
exec(compile(worker_source, lambda_runtime.__file__, "exec"), lambda_runtime.__dict__)
_invoke = lambda_runtime.Worker.invoke


def invoke(self, *arguments, **named):
    answer = _invoke(self, *arguments, **named)
    if answer.get("status") == "handler_error":
        _thrown.set((answer.get("errorType", "Error"), answer.get("trace", "")))
    return answer


lambda_runtime.Worker.invoke = invoke


@replaces(lambda_svc, "_execute_function_warm")
def execute_function_warm(original, *arguments, **named):
    _thrown.set(None)
    result = original(*arguments, **named)
    thrown = _thrown.get()
    if thrown and result.get("error") and isinstance(result.get("body"), dict):
        result["body"]["errorType"], trace = thrown
        result["body"]["trace"] = trace.split("\n")
    return result
