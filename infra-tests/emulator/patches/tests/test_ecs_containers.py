import os
import unittest

os.environ.setdefault("GATEWAY_PORT", "4566")

import ecs_containers as containers  # noqa: E402


def container(name, **needs):
    needed = [{"containerName": other, "condition": condition} for other, condition in needs.items()]
    return {"name": name, "dependsOn": needed}


class Order(unittest.TestCase):
    def names(self, *definitions):
        return [one["name"] for one in containers.in_order(list(definitions))]

    def test_is_that_of_the_definition_where_nothing_depends(self):
        self.assertEqual(self.names(container("a"), container("b")), ["a", "b"])

    def test_puts_first_what_others_wait_for(self):
        agent, image, runtime = container("agent", image="START"), container("image", runtime="SUCCESS"), container("runtime")
        self.assertEqual(self.names(agent, image, runtime), ["runtime", "image", "agent"])

    def test_of_a_circle_there_is_none(self):
        with self.assertRaisesRegex(ValueError, "circle"):
            containers.in_order([container("a", b="START"), container("b", a="START")])


class Network(unittest.TestCase):
    def test_is_of_a_container_that_outlives_the_others(self):
        agent, image, runtime = container("agent", image="START"), container("image", runtime="SUCCESS"), container("runtime")
        self.assertEqual(containers.network_holder([agent, image, runtime]), "image")


class Conditions(unittest.TestCase):
    def test_are_met_by_the_states_that_ecs_means(self):
        running, healthy = {"Status": "running"}, {"Status": "running", "Health": {"Status": "healthy"}}
        good, bad = {"Status": "exited", "ExitCode": 0}, {"Status": "exited", "ExitCode": 1}
        for condition, met, unmet in (
            ("START", (running, good, bad), ({"Status": "created"},)),
            ("HEALTHY", (healthy,), (running, good)),
            ("COMPLETE", (good, bad), (running,)),
            ("SUCCESS", (good,), (bad, running)),
        ):
            for state in met:
                self.assertTrue(containers.is_met(state, condition), (condition, state))
            for state in unmet:
                self.assertFalse(containers.is_met(state, condition), (condition, state))


class Volumes(unittest.TestCase):
    def test_of_the_task_are_named_by_it_and_those_of_the_host_are_left_to_the_emulator(self):
        definition = {"volumes": [{"name": "own"}, {"name": "shared", "host": {"sourcePath": "/srv"}}]}
        mounts = [
            {"sourceVolume": "own", "containerPath": "/a", "readOnly": True},
            {"sourceVolume": "shared", "containerPath": "/b"},
        ]
        found = containers.task_volumes({"mountPoints": mounts}, definition, "0123456789")
        self.assertEqual(found, [f"{containers.volume_prefix('0123456789')}own:/a:ro"])


class HealthChecks(unittest.TestCase):
    def test_have_the_defaults_of_ecs_in_nanoseconds(self):
        check = containers.health_check({"command": ["CMD", "true"], "timeout": 2})
        seconds = {name: check[name] // containers.NANOSECONDS for name in ("interval", "timeout", "start_period")}
        self.assertEqual((seconds, check["retries"]), ({"interval": 30, "timeout": 2, "start_period": 0}, 3))


if __name__ == "__main__":
    unittest.main()
