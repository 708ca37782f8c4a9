"""What API Gateway answers to somebody whose policies do not allow a call."""

import json

from ministack import app
from ministack.core.arn import execute_api_arn
from ministack.core.iam_evaluator import AuthError
from ministack.core.responses import get_account_id
from ministack.services import apigateway_v1
from replace import replaces

INVOKE = "execute-api:Invoke"

# By the code of a refusal: the gateway response that tells it, and the type of the error.
apigateway_v1._AUTHENTICATION_GATEWAY_ERRORS["AccessDenied"] = ("ACCESS_DENIED", "AccessDeniedException")


@replaces(app, "_enforce_execute_api")
def enforce_execute_api(original, api_id, stage, method, path, headers, query_params, **named):
    """AWS names the resource, with the account's last digits only, and answers as the API's gateway response ACCESS_DENIED says.
    The emulator names none, and answers in one form for all APIs."""
    answer = original(api_id, stage, method, path, headers, query_params, **named)
    words = words_of(answer)
    if words is None:
        return answer
    account = get_account_id()
    resource = execute_api_arn(app.extract_region(headers, query_params), account, api_id, stage, method, path)
    refusal = AuthError("AccessDenied", naming(words, resource.replace(f":{account}:", f":********{account[-4:]}:", 1)))
    return apigateway_v1.authentication_error_response(api_id, stage, refusal, headers, query_params) or answer


def words_of(answer):
    """What the emulator says of a call that policies do not allow; None of any other answer."""
    if answer is None or answer[0] != 403:
        return None
    said = json.loads(answer[2])
    return said.get("message") if said.get("__type") == "AccessDeniedException" else None


def naming(words, resource):
    return words.replace(INVOKE, f"{INVOKE} on resource: {resource}", 1)
