import json
import unittest

import iam
from ministack.core import iam_actions

ACCOUNT, REGION = "000000000000", "us-east-1"
ECS = f"arn:aws:ecs:{REGION}:{ACCOUNT}"


class ResourcesOfEcs(unittest.TestCase):
    def test_are_what_a_call_names_as_policies_name_it(self):
        for action, request, resource in (
            ("StopTask", {"cluster": "c", "task": "1"}, f"{ECS}:task/c/1"),
            ("StopTask", {"cluster": f"{ECS}:cluster/c", "task": f"{ECS}:task/c/1"}, f"{ECS}:task/c/1"),
            ("DescribeTasks", {"cluster": "c", "tasks": ["1", "2"]}, f"{ECS}:task/c/1"),
            ("RunTask", {"cluster": "c", "taskDefinition": "f:1"}, f"{ECS}:task-definition/f:1"),
            ("RegisterTaskDefinition", {"family": "f"}, f"{ECS}:task-definition/f:*"),
            ("TagResource", {"resourceArn": f"{ECS}:task/c/1"}, f"{ECS}:task/c/1"),
            ("DescribeClusters", {"cluster": "c"}, f"{ECS}:cluster/c"),
            ("ListTasks", {"cluster": "c"}, "*"),
        ):
            with self.subTest(action=action, request=request):
                self.assertEqual(iam.ecs_resource(action, request, REGION, ACCOUNT), resource)


class ResourcesOfOtherServices(unittest.TestCase):
    def resource(self, service, target, request):
        headers = {"x-amz-target": target, "content-type": "application/x-amz-json-1.1"}
        body = json.dumps(request).encode()
        return iam_actions.extract_resource_arn(service, "POST", "/", headers, body, {}, REGION, ACCOUNT)

    def test_a_log_group_ends_as_on_aws(self):
        found = self.resource("logs", "Logs_20140328.FilterLogEvents", {"logGroupName": "/a/b"})
        self.assertEqual(found, f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/a/b:*")


class Batches(unittest.TestCase):
    def test_want_the_right_to_do_it_once(self):
        query = {"Action": ["PublishBatch"]}
        self.assertEqual(iam_actions.extract_iam_action("sns", "POST", "/", {}, b"", query), "sns:Publish")


if __name__ == "__main__":
    unittest.main()
