"""What the emulator's policies need to know of a request."""

from ministack.core import iam_evaluator
from replace import replaces


@replaces(iam_evaluator, "pin_request_origin")
def pin_request_origin(original, source_ip, _secure_transport):
    """On AWS requests come by TLS; here by plain HTTP, which policies with `aws:SecureTransport` deny: the bucket of
    `cdk bootstrap` has one, and so have queues."""
    return original(source_ip, True)
