"""FilterLogEvents refuses a call that names a stream which is not there; the emulator passes over it."""

from ministack.core.responses import error_response_json
from ministack.services import cloudwatch_logs
from replace import replaces


@replaces(cloudwatch_logs, "_filter_log_events")
def filter_log_events(original, request):
    group = cloudwatch_logs._log_groups.get(cloudwatch_logs._resolve_log_group_name(request))
    names = request.get("logStreamNames") or []
    if group and any(name not in group["streams"] for name in names):
        return error_response_json("ResourceNotFoundException", "The specified log stream does not exist.", 400)
    return original(request)
