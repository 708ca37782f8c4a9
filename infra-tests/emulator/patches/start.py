"""Starts the emulator with the patches beside this file: each puts right what the emulator does otherwise than AWS.

The patches replace functions of the emulator by their names, so they hold for the one version that is installed.
"""

from importlib.metadata import version

WRITTEN_FOR = "1.5.33"

if version("ministack") != WRITTEN_FOR:
    raise SystemExit(f"the patches are written for version {WRITTEN_FOR} of the emulator, not {version('ministack')}")

import cloudformation  # noqa: E402, F401
import cloudformation_network  # noqa: E402, F401
import cloudwatch_logs  # noqa: E402, F401
import ecs_containers  # noqa: E402, F401
import ecs_events  # noqa: E402, F401
import ecs_logins  # noqa: E402, F401
import ecs_tasks  # noqa: E402, F401
import iam  # noqa: E402, F401
import lambda_errors  # noqa: E402, F401
import meter  # noqa: E402, F401
import step_functions  # noqa: E402, F401
import step_functions_ecs  # noqa: E402, F401
import step_functions_role  # noqa: E402, F401
import vpc_endpoints  # noqa: E402, F401
# Last, for it loads what has taken over the functions that the others replace.
import execute_api  # noqa: E402, F401
from ministack.app import main  # noqa: E402

main()
