"""Calls of an API through an endpoint of a VPC: policies of the API know it, and its own policy holds too."""

import json

from ministack.core import iam_evaluator
from ministack.services import apigateway_v1, ec2
from replace import replaces
from vpc_routes import closed_vpc_of


def endpoint_of_caller():
    """The endpoint of API Gateway by which a task without a way out comes; it has no other way."""
    vpc_id = closed_vpc_of(iam_evaluator._request_origin.get()[0])
    endpoints = [one for one in ec2._vpc_endpoints.values() if one["VpcId"] == vpc_id] if vpc_id else []
    return next((one for one in endpoints if one["ServiceName"].endswith(".execute-api")), None)


@replaces(iam_evaluator, "_resolve_condition_key")
def resolve_condition_key(original, key, context):
    if key.lower() == "aws:sourcevpce":
        return (endpoint_of_caller() or {}).get("VpcEndpointId")
    return original(key, context)


@replaces(apigateway_v1, "_anonymous_policy_error")
def anonymous_policy_error(original, api_id, stage, method, path, account, region):
    """AWS lets nobody call a private API but through an endpoint, and from a closed network nothing else is reached."""
    endpoint = endpoint_of_caller()
    is_private = is_private_api(apigateway_v1._rest_apis.get_scoped(account, region, api_id) or {})
    if is_private and endpoint is None:
        return refused("a private API is reached through an endpoint of a VPC")
    if endpoint is not None and not is_private:
        return refused("an endpoint of a VPC does not lead to public APIs")
    if endpoint is not None and not allows(endpoint, api_id, stage, method, path, account, region):
        return refused("the policy of the endpoint does not allow this call")
    return original(api_id, stage, method, path, account, region)


def is_private_api(api):
    """CloudFormation's word for the types is another than the service's own."""
    configuration = api.get("endpointConfiguration") or {}
    return "PRIVATE" in (configuration.get("Types") or configuration.get("types") or [])


def allows(endpoint, api_id, stage, method, path, account, region):
    arn = apigateway_v1.execute_api_arn(region, account, api_id, stage, method, path)
    asked = iam_evaluator.EvalContext("*", "Anonymous", "", "execute-api:Invoke", arn, region)
    return iam_evaluator.evaluate_resource_policy(json.dumps(endpoint["PolicyDocument"]), asked).decision == "Allow"


def refused(why):
    return apigateway_v1._gw_error("ACCESS_DENIED", why)
