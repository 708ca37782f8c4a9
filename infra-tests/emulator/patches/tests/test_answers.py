import json
import unittest

import cloudformation
import cloudwatch_logs  # noqa: F401
import execute_api
from ministack.services import cloudwatch_logs as logs
from ministack.services import stepfunctions as sfn
import step_functions


class FilterLogEvents(unittest.TestCase):
    def setUp(self):
        event = {"timestamp": 1, "ingestionTime": 1, "message": "hello"}
        logs._log_groups["/test"] = {"streams": {"there": {"events": [event]}}}
        self.addCleanup(logs._log_groups.pop, "/test")

    def ask(self, *names):
        status, _, body = logs._filter_log_events({"logGroupName": "/test", "logStreamNames": list(names)})
        return status, json.loads(body)

    def test_gives_the_events_of_streams_that_are_there(self):
        status, answer = self.ask("there")
        self.assertEqual((status, [event["message"] for event in answer["events"]]), (200, ["hello"]))

    def test_refuses_a_call_that_names_one_that_is_not(self):
        status, answer = self.ask("there", "missing")
        self.assertEqual(status, 400)
        self.assertIn("ResourceNotFoundException", answer["__type"])


class RefusalsOfApis(unittest.TestCase):
    words = "User: u is not authorized to perform: execute-api:Invoke because no policy allows it"

    def answer(self, status, kind):
        return status, {}, json.dumps({"__type": kind, "message": self.words}).encode()

    def test_are_known_among_other_answers(self):
        self.assertEqual(execute_api.words_of(self.answer(403, "AccessDeniedException")), self.words)
        self.assertIsNone(execute_api.words_of(None))
        self.assertIsNone(execute_api.words_of(self.answer(403, "InvalidSignatureException")))
        self.assertIsNone(execute_api.words_of(self.answer(400, "AccessDeniedException")))

    def test_name_the_resource(self):
        self.assertEqual(
            execute_api.naming(self.words, "arn:x"),
            "User: u is not authorized to perform: execute-api:Invoke on resource: arn:x because no policy allows it",
        )


class TaskDefinitions(unittest.TestCase):
    def test_keep_what_is_inside_and_the_keys_of_the_user(self):
        given = {"DependsOn": [{"ContainerName": "a"}], "LogConfiguration": {"Options": {"Mode": "x"}}}
        kept = {"dependsOn": [{"containerName": "a"}], "logConfiguration": {"options": {"Mode": "x"}}}
        self.assertEqual(cloudformation.lower_camel(given), kept)


class Retries(unittest.TestCase):
    def delays(self, retrier, tries):
        found = (sfn._find_matching_retrier([retrier], "States.TaskFailed", {0: tried})[0] for tried in range(tries))
        return [one["IntervalSeconds"] for one in found]

    def test_wait_longer_each_time_up_to_the_longest(self):
        retrier = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "BackoffRate": 2, "MaxAttempts": 9, "MaxDelaySeconds": 5}
        self.assertEqual(self.delays(retrier, 3), [2, 4, 5])

    def test_wait_any_time_up_to_that_with_full_jitter(self):
        retrier = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 8, "MaxAttempts": 9, "JitterStrategy": "FULL"}
        found = self.delays({**retrier, "BackoffRate": 1}, 9)
        self.assertTrue(all(0 <= one <= 8 for one in found) and len(set(found)) > 1, found)

    def test_of_what_was_stopped_are_none(self):
        scope = step_functions.Scope(parent=step_functions.Scope(execution={"status": "ABORTED"}))
        token = step_functions._scope.set(scope)
        self.addCleanup(step_functions._scope.reset, token)
        with self.assertRaises(sfn._ExecutionError):
            self.delays({"ErrorEquals": ["States.ALL"], "MaxAttempts": 9}, 1)


if __name__ == "__main__":
    unittest.main()
