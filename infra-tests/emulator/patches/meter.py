"""Writes down what AWS would charge for, a line of JSON each, into the file that METER_FILE names; nothing without it."""

import json
import math
import os
import threading
import time

from ministack.core import iam_evaluator
from ministack.services import dynamodb, lambda_svc, sns
from ministack.services import stepfunctions as sfn
from replace import replaces

FILE = os.environ.get("METER_FILE")
KB = 1024
_lock = threading.Lock()


def note(kind, **what):
    if not FILE:
        return
    line = json.dumps({"at": time.time(), "kind": kind, **what})
    with _lock, open(FILE, "a", encoding="utf-8") as meter:
        meter.write(line + "\n")


def caller():
    """The role that makes a call, by its name, such as `sluice-FunctionsJobsApiRole…`."""
    arn = iam_evaluator.caller_arn()
    return arn.split("/")[1] if ":assumed-role/" in arn else "root"


def read_units(action, request, answer):
    """4 KB a unit: strongly consistent reads count whole, others half; each item of a batch by itself."""

    def units(items, consistent):
        return sum(max(1, math.ceil(dynamodb._item_size_bytes(one) / (4 * KB))) for one in items) * (
            1.0 if consistent else 0.5
        )

    if action == "GetItem":
        return units([answer.get("Item", {})], request.get("ConsistentRead"))
    if action == "BatchGetItem":
        total = 0.0
        for table, asked in request.get("RequestItems", {}).items():
            found = answer.get("Responses", {}).get(table, [])
            missing = [{}] * (len(asked["Keys"]) - len(found))
            total += units(found + missing, asked.get("ConsistentRead"))
        return total
    if action in ("Query", "Scan"):
        size = sum(dynamodb._item_size_bytes(item) for item in answer.get("Items", []))
        return max(1, math.ceil(size / (4 * KB))) * (1.0 if request.get("ConsistentRead") else 0.5)
    return 0.0


def write_units(action, request, status, answer):
    """The emulator counts what a write consumes as DynamoDB does, indexes too. A write that is refused by its condition
    consumes as well."""
    if status < 400:
        consumed = answer.get("ConsumedCapacity") or []
        entries = consumed if isinstance(consumed, list) else [consumed]
        return sum(entry.get("CapacityUnits", 0.0) for entry in entries)
    refused = answer.get("__type", "").split("#")[-1]
    if refused == "TransactionCanceledException":
        return 2.0 * len(request.get("TransactItems", []))
    return 1.0 if refused == "ConditionalCheckFailedException" else 0.0


WRITES = ("PutItem", "DeleteItem", "UpdateItem", "TransactWriteItems", "BatchWriteItem")


@replaces(dynamodb, "handle_request")
async def handle_dynamodb(original, method, path, headers, body, query):
    action = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
    request = json.loads(body) if FILE and body else {}
    if action in WRITES and FILE:
        request["ReturnConsumedCapacity"] = "TOTAL"
        body = json.dumps(request).encode()
    result = await original(method, path, headers, body, query)
    if FILE:
        answer = json.loads(result[2]) if result[2] else {}
        writes = write_units(action, request, result[0], answer) if action in WRITES else 0.0
        reads = read_units(action, request, answer) if result[0] < 400 else 0.0
        if writes or reads:
            note("dynamodb", by=caller(), action=action, readUnits=reads, writeUnits=writes)
    return result


@replaces(lambda_svc, "_execute_function")
def execute_function(original, function, event):
    begun = time.monotonic()
    result = original(function, event)
    config = function.get("config") or function
    api = isinstance(event, dict) and "httpMethod" in event
    note(
        "lambda",
        function=config.get("FunctionName"),
        ms=(time.monotonic() - begun) * 1000,
        memoryMib=config.get("MemorySize", 128),
        api=api,
        logBytes=len(result.get("log") or ""),
    )
    return result


@replaces(sfn, "_add_event")
def add_event(original, execution, kind, details=None):
    """A transition is a state that is entered, or tried again."""
    if kind.endswith("StateEntered") or kind == "TaskFailed":
        note("transition", execution=execution["executionArn"])
    return original(execution, kind, details)


@replaces(sns, "_publish")
def publish(original, params):
    note("sns", messages=1)
    return original(params)


@replaces(sns, "_publish_batch")
def publish_batch(original, params):
    entries = len({key.split(".")[2] for key in params if key.startswith("PublishBatchRequestEntries.member.")})
    note("sns", messages=entries)
    return original(params)
