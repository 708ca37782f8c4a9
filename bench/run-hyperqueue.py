"""Runs one HyperQueue job of equal tasks through its Python API, which is what its package on PyPI has: no `hq` command.

Arguments: script, tasks, slots, folder of the server. Prints "ready" when the cluster is warm, waits for a line, submits,
and prints {"submitted": ..., "ended": ...} in milliseconds since 1970. The library prints other lines in between.

What favours HyperQueue: the job's description is built before the clock starts, and tasks write no output files.
"""

import contextlib
import json
import os
import sys
import time

from hyperqueue import Job, LocalCluster
from hyperqueue.cluster import WorkerConfig

WARM_UP_TASKS = 100
POLL_SECONDS = 0.02


class Seen(Exception):
    """Leaves the library's own wait, which looks once a second only."""


def is_ended(connection, job):
    seen = {}

    def look(jobs):
        seen.update(jobs)
        raise Seen

    with contextlib.suppress(Seen):
        connection.wait_for_jobs([job], look)
    if seen[job]["failed"]:
        raise SystemExit(f"{seen[job]['failed']} tasks failed")
    return seen[job]["completed"]


def describe(client, script, tasks):
    job = Job(max_fails=None)
    for _ in range(tasks):
        job.program(["/bin/sh", script], stdout=None, stderr=None)
    return job._build(client)


def run(client, description):
    submitted = time.time()
    job = client.connection.submit_job(description)
    while not is_ended(client.connection, job):
        time.sleep(POLL_SECONDS)
    return submitted * 1000, time.time() * 1000


def main(script, tasks, slots, folder):
    cluster = LocalCluster(server_dir=folder, worker_config=WorkerConfig(cores=slots))
    client = cluster.client()
    run(client, describe(client, script, WARM_UP_TASKS))
    description = describe(client, script, tasks)
    print("ready", flush=True)
    sys.stdin.readline()
    submitted, ended = run(client, description)
    print(json.dumps({"submitted": submitted, "ended": ended}), flush=True)
    cluster.stop()
    # Its threads may outlive the cluster.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
